// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/machine_arch.h"
#include "pfncache/pfncache.h"

/*
 * A clock shows its token as 2^40 nanoseconds (18 minutes) each: what passes between
 * KVM_SET_CLOCK and the write does not reach the next one.
 */
#define CLOCK_SHIFT	40

/* The VM's clock while runstate tokens are used: later than any sum of their times. */
#define CLOCK_LATE	(1ull << 60)
#define RUNSTATE_SHIFT	20

void pfncache_enter(struct pfncache_vm *p)
{
	struct vcpu_exit exit;
	char text[200];

	do {
		exit = vcpu_run(p->vcpu);
	} while (exit.kind == VCPU_EXIT_INTERRUPTED);
	if (exit.kind == VCPU_EXIT_DOORBELL)
		return;
	vcpu_exit_describe(&exit, text, sizeof(text));
	if (arch_exit_is_slip(p->vcpu, &exit))
		verdict_disturbed("%s; under emulation, see docs/emulator.md", text);
	verdict_fail(VERDICT_ABI, "vCPU that only rings its doorbell: %s", text);
}

static int clock_use(struct pfncache_vm *p, uint32_t token)
{
	pvclock_set(p->vm, (uint64_t)token << CLOCK_SHIFT);
	pfncache_enter(p);
	return 0;
}

static bool clock_shows(const void *memory, uint32_t token)
{
	struct pvclock clock;

	return pvclock_read(memory, &clock) && clock.system_time >> CLOCK_SHIFT == token &&
	       clock.tsc_to_system_mul;
}

/* kvmclock alone tells the guest that it was stopped: the flag has to come with the token. */
static int pv_time_use(struct pfncache_vm *p, uint32_t token)
{
	/* Refused while the cache is off, as nothing is written then. */
	__pvclock_stopped(p->vcpu);
	return clock_use(p, token);
}

static bool pv_time_shows(const void *memory, uint32_t token)
{
	struct pvclock clock;

	return clock_shows(memory, token) && pvclock_read(memory, &clock) &&
	       clock.flags & PVCLOCK_GUEST_STOPPED;
}

static int msr_point(struct pfncache_vm *p, uint32_t msr, uint64_t address)
{
	uint64_t value = address == PFNCACHE_NOWHERE ? 0 : address | PVCLOCK_ENABLE;

	return __pvclock_msr_set(p->vcpu, msr, value);
}

static uint64_t msr_where(struct pfncache_vm *p, uint32_t msr)
{
	uint64_t value = pvclock_msr_get(p->vcpu, msr);

	return value & PVCLOCK_ENABLE ? value & ~PVCLOCK_ENABLE : PFNCACHE_NOWHERE;
}

static int pv_time_point(struct pfncache_vm *p, uint64_t address)
{
	return msr_point(p, MSR_KVM_SYSTEM_TIME_NEW, address);
}

static uint64_t pv_time_where(struct pfncache_vm *p)
{
	return msr_where(p, MSR_KVM_SYSTEM_TIME_NEW);
}

static int old_time_point(struct pfncache_vm *p, uint64_t address)
{
	return msr_point(p, MSR_KVM_SYSTEM_TIME, address);
}

static uint64_t old_time_where(struct pfncache_vm *p)
{
	return msr_where(p, MSR_KVM_SYSTEM_TIME);
}

static int vcpu_info_point(struct pfncache_vm *p, uint64_t address)
{
	return __xen_vcpu_set(p->vcpu, KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO, address);
}

static uint64_t vcpu_info_where(struct pfncache_vm *p)
{
	return xen_vcpu_get(p->vcpu, KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO);
}

/* For host addresses "off" is 0 on the wire. */
static int vcpu_info_hva_point(struct pfncache_vm *p, uint64_t address)
{
	return __xen_vcpu_set(p->vcpu, XEN_VCPU_INFO_HVA,
			      address == PFNCACHE_NOWHERE ? 0 : address);
}

static uint64_t vcpu_info_hva_where(struct pfncache_vm *p)
{
	return xen_vcpu_get(p->vcpu, XEN_VCPU_INFO_HVA) ?: PFNCACHE_NOWHERE;
}

static bool vcpu_info_shows(const void *memory, uint32_t token)
{
	return clock_shows(memory + offsetof(struct xen_vcpu_info, time), token);
}

static int vcpu_time_point(struct pfncache_vm *p, uint64_t address)
{
	return __xen_vcpu_set(p->vcpu, KVM_XEN_VCPU_ATTR_TYPE_VCPU_TIME_INFO, address);
}

static uint64_t vcpu_time_where(struct pfncache_vm *p)
{
	return xen_vcpu_get(p->vcpu, KVM_XEN_VCPU_ATTR_TYPE_VCPU_TIME_INFO);
}

/* The attribute is a frame number. */
static int shared_info_point(struct pfncache_vm *p, uint64_t address)
{
	return __xen_vm_set(p->vm, KVM_XEN_ATTR_TYPE_SHARED_INFO,
			    address == PFNCACHE_NOWHERE ? XEN_NOWHERE : address >> 12);
}

static uint64_t shared_info_where(struct pfncache_vm *p)
{
	uint64_t gfn = xen_vm_get(p->vm, KVM_XEN_ATTR_TYPE_SHARED_INFO);

	return gfn == XEN_NOWHERE ? PFNCACHE_NOWHERE : gfn << 12;
}

static int shared_info_hva_point(struct pfncache_vm *p, uint64_t address)
{
	return __xen_vm_set(p->vm, XEN_VM_SHARED_INFO_HVA,
			    address == PFNCACHE_NOWHERE ? 0 : address);
}

static uint64_t shared_info_hva_where(struct pfncache_vm *p)
{
	return xen_vm_get(p->vm, XEN_VM_SHARED_INFO_HVA) ?: PFNCACHE_NOWHERE;
}

static int shared_info_use(struct pfncache_vm *p, uint32_t token)
{
	return __xen_event_send(p->vm, p->vcpu->id, token);
}

static bool shared_info_shows(const void *memory, uint32_t token)
{
	const struct xen_shared_info *s = memory;

	return __atomic_load_n(&s->pending[token / 64], __ATOMIC_ACQUIRE) >> token % 64 & 1;
}

static int runstate_point(struct pfncache_vm *p, uint64_t address)
{
	return __xen_vcpu_set(p->vcpu, KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADDR, address);
}

static uint64_t runstate_where(struct pfncache_vm *p)
{
	return xen_vcpu_get(p->vcpu, KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADDR);
}

/*
 * The time that a running vCPU does not add to: should this thread be preempted between
 * the two steps, KVM accounts for that in other states.
 */
static int runstate_use(struct pfncache_vm *p, uint32_t token)
{
	const uint64_t times[XEN_STATES] = {
		[XEN_RUNNING] = 1,
		[XEN_OFFLINE] = (uint64_t)token << RUNSTATE_SHIFT,
	};

	return __xen_runstate_set(p->vcpu, times);
}

static bool runstate_shows(const void *memory, uint32_t token)
{
	struct xen_runstate r;
	uint64_t sum = 0;
	unsigned int i;

	memcpy(&r, memory, sizeof(r));
	for (i = 0; i < XEN_STATES; i++)
		sum += r.time[i];
	return sum == r.entry_time && r.time[XEN_OFFLINE] == (uint64_t)token << RUNSTATE_SHIFT;
}

#define CLOCK		.use = clock_use, .shows = clock_shows, .size = sizeof(struct pvclock)
#define PV_TIME		.use = pv_time_use, .shows = pv_time_shows, .silent = true,	\
			.size = sizeof(struct pvclock)
#define VCPU_INFO	.use = clock_use, .shows = vcpu_info_shows, .xen = true,	\
			.size = sizeof(struct xen_vcpu_info), .align = 4,	\
			.clock = offsetof(struct xen_vcpu_info, time)
#define SHARED_INFO	.use = shared_info_use, .shows = shared_info_shows, .xen = true, \
			.size = 4096, .align = 4096
#define HVA		.hva = true, .features = KVM_XEN_HVM_CONFIG_SHARED_INFO_HVA

const struct pfncache_kind pfncache_kinds[PFNCACHE_KINDS + 1] = {
	{ "pv_time", PV_TIME, .point = pv_time_point, .where = pv_time_where },
	{ "pv_time (old MSR)", PV_TIME, .point = old_time_point, .where = old_time_where },
	{ "vcpu_info", VCPU_INFO, .point = vcpu_info_point, .where = vcpu_info_where },
	{ "vcpu_info (hva)", VCPU_INFO, .point = vcpu_info_hva_point,
	  .where = vcpu_info_hva_where, HVA },
	{ "vcpu_time_info", CLOCK, .xen = true, .point = vcpu_time_point,
	  .where = vcpu_time_where },
	{ "shared_info", SHARED_INFO, .point = shared_info_point, .where = shared_info_where },
	{ "shared_info (hva)", SHARED_INFO, .point = shared_info_hva_point,
	  .where = shared_info_hva_where, HVA },
	{ "runstate", .xen = true, .size = sizeof(struct xen_runstate), .split = true,
	  .point = runstate_point, .where = runstate_where, .use = runstate_use,
	  .shows = runstate_shows },
	{ 0 }
};

bool pfncache_offered(const struct pfncache_kind *kind)
{
	const unsigned int basic = KVM_XEN_HVM_CONFIG_EVTCHN_SEND |
				   KVM_XEN_HVM_CONFIG_SHARED_INFO | KVM_XEN_HVM_CONFIG_RUNSTATE;
	const unsigned int needed = kind->xen ? kind->features | basic : 0;

	return !(needed & ~xen_features());
}

void pfncache_require_space(const struct vm *vm)
{
	if (vm->level == VM_LEVEL_SMM)
		verdict_skip("KVM's own pointers are of address space 0, all memory of the other one");
}

void pfncache_open_on(struct pfncache_vm *p, const struct pfncache_kind *kind, struct vm *vm)
{
	pfncache_require_space(vm);
	p->vm = vm;
	p->xen = kind->xen;
	if (p->xen)
		xen_enable(p->vm, 0);
	p->vcpu = vcpu_create(p->vm, 0);
	/* The agent boots; from here on an entry is a doorbell and nothing else. */
	pfncache_enter(p);
	if (!p->xen)
		return;
	pvclock_set(p->vm, CLOCK_LATE);
	if (kind->shows != vcpu_info_shows &&
	    vcpu_info_point(p, vm_control_alloc(p->vm, sizeof(struct xen_vcpu_info))))
		verdict_fail(VERDICT_ABI, "vcpu_info in the control memslot was refused");
}

void pfncache_open(struct pfncache_vm *p, const struct pfncache_kind *kind)
{
	pfncache_open_on(p, kind, vm_create(vm_default));
}

void pfncache_close(struct pfncache_vm *p)
{
	vcpu_destroy(p->vcpu);
	vm_destroy(p->vm);
}

void pfncache_point(struct pfncache_vm *p, const struct pfncache_kind *kind, uint64_t address)
{
	int r = kind->point(p, address);

	if (r)
		verdict_fail(VERDICT_ABI, "%s at %#llx: %s, expected success", kind->name,
			     (unsigned long long)address, strerror(-r));
}

void pfncache_use(struct pfncache_vm *p, const struct pfncache_kind *kind, uint32_t token)
{
	int r = kind->use(p, token);

	if (r)
		verdict_fail(VERDICT_ABI, "use of %s, token %u: %s, expected success", kind->name,
			     token, strerror(-r));
}
