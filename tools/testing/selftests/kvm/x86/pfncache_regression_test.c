// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of pfncache that somebody ran into: those that were fixed have to stay so, those
 * of docs/findings.md show as long as they are there.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/known_issues.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "memory/memory.h"
#include "pfncache/pfncache.h"

#define GPA	AGENT_TEST_GPA

/* Entries until an event must have been delivered: some have taken a few thousand. */
#define ENTRIES	1000000

static const struct pfncache_kind *kind_named(const char *name)
{
	const struct pfncache_kind *kind;

	for (kind = pfncache_kinds; kind->name; kind++)
		if (!strcmp(kind->name, name))
			break;
	verdict_require(kind->name, "no pfncache is called %s", name);
	if (!pfncache_offered(kind))
		verdict_skip("no %s (KVM_CAP_XEN_HVM is %#x)", name, xen_features());
	return kind;
}

/* One event for a VM that has no shared_info, and never had: an error, and nothing else. */
static void no_shared_info(const struct run *run)
{
	const struct pfncache_kind *kind = kind_named("shared_info");
	struct pfncache_vm p;
	int r;

	(void)run;
	pfncache_open(&p, kind);
	r = kind->use(&p, 1);
	if (r != -EINVAL)
		verdict_fail(VERDICT_ABI, "event without shared_info: %s, expected %s",
			     strerror(-r), strerror(EINVAL));
	pfncache_close(&p);
}

/* One event for a vCPU that has no vcpu_info, and never had: it stays pending. */
static void no_vcpu_info(const struct run *run)
{
	const struct pfncache_kind *info = kind_named("vcpu_info");
	const struct pfncache_kind *shared = kind_named("shared_info");
	const volatile struct xen_vcpu_info *v;
	struct pfncache_vm p;
	struct memory *ram;
	unsigned int i;

	(void)run;
	pfncache_open(&p, info);
	ram = memory_create(p.vm, MEMORY_ANON, GPA, 2 * PAGE);
	v = (const void *)(ram->hva + PAGE);
	pfncache_point(&p, shared, GPA);
	pfncache_use(&p, shared, 77);
	pfncache_enter(&p);
	pfncache_point(&p, info, GPA + PAGE);
	/* KVM delivers after an exit that it deals with itself, such as a timer tick. */
	for (i = 0; i < ENTRIES && !v->upcall_pending; i++) {
		pfncache_enter(&p);
		verdict_progress();
	}
	if (v->pending_sel != 1ull << 77 / 64 || !v->upcall_pending)
		verdict_fail(VERDICT_LOST_WRITE,
			     "event sent before there was a vcpu_info: pending_sel %#llx, upcall %u",
			     (unsigned long long)v->pending_sel, v->upcall_pending);
	memory_destroy(ram);
	pfncache_close(&p);
}

/*
 * An activation that fails must not leave an active cache without an address (the fix of
 * 6.10: offset and length are looked at first).
 */
static void failed_activation(const struct run *run)
{
	const struct pfncache_kind *kind;

	(void)run;
	for (kind = pfncache_kinds; kind->name; kind++) {
		struct pfncache_vm p;
		struct memory *ram;
		uint64_t address;

		if (!pfncache_offered(kind) || kind->size == PAGE || kind->split)
			continue;
		pfncache_open(&p, kind);
		ram = memory_create(p.vm, MEMORY_ANON, GPA, 2 * PAGE);
		address = (kind->hva ? (uintptr_t)ram->hva : GPA) + PAGE - 4;
		if (kind->point(&p, address) != (kind->silent ? 0 : -EINVAL))
			verdict_fail(VERDICT_ABI, "%s across two pages was not refused",
				     kind->name);
		if (kind->silent && __pvclock_stopped(p.vcpu) != -EINVAL)
			verdict_fail(VERDICT_ABI, "%s across two pages is active", kind->name);
		pfncache_use(&p, kind, 1);
		pfncache_point(&p, kind, PFNCACHE_NOWHERE);
		memory_destroy(ram);
		pfncache_close(&p);
	}
}

/* The frame 2^52 frames further on is not the frame. */
static void far_gfn(const struct run *run)
{
	const struct pfncache_kind *kind = kind_named("shared_info");
	struct pfncache_vm p;
	struct memory *ram;
	int r;

	(void)run;
	pfncache_open(&p, kind);
	ram = memory_create(p.vm, MEMORY_ANON, GPA, PAGE);
	r = __xen_vm_set(p.vm, KVM_XEN_ATTR_TYPE_SHARED_INFO, GPA / PAGE + (1ull << 52));
	if (!r)
		verdict_fail(VERDICT_WRONG_PAGE,
			     "shared_info at gfn %#llx, far beyond any memory: accepted as gfn %#llx",
			     GPA / PAGE + (1ull << 52),
			     (unsigned long long)xen_vm_get(p.vm, KVM_XEN_ATTR_TYPE_SHARED_INFO));
	memory_destroy(ram);
	pfncache_close(&p);
}

/*
 * A page that reclaim may drop unless somebody has written to it: one that was freed lazily
 * (madvise(2), MADV_FREE), or one of a file that was read and never written.
 */
static void make_droppable(uint8_t *page, bool lazy)
{
	if (lazy) {
		page[0] = 1;
		verdict_require(!madvise(page, PAGE, MADV_FREE), "MADV_FREE");
	} else {
		(void)*(volatile uint8_t *)page;
	}
}

static void reclaim(uint8_t *page)
{
	if (madvise(page, PAGE, MADV_PAGEOUT))
		verdict_skip("no MADV_PAGEOUT: %m");
}

static bool resident(uint8_t *page)
{
	unsigned char there;

	verdict_require(!mincore(page, PAGE, &there), "mincore");
	return there & 1;
}

static uint8_t *droppable_map(bool lazy)
{
	int fd = lazy ? -1 : memfd_create("pfncache", MFD_CLOEXEC);
	uint8_t *p;

	verdict_require(lazy || (fd >= 0 && !ftruncate(fd, 2 * PAGE)), "memfd_create");
	p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		 lazy ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
	verdict_require(p != MAP_FAILED, "mmap");
	madvise(p, 2 * PAGE, MADV_NOHUGEPAGE);
	return p;
}

/* Is such a page dropped here, and does a write of the host keep it? Else there is no test. */
static void droppable_control(uint8_t *page, bool lazy)
{
	make_droppable(page, lazy);
	reclaim(page);
	if (resident(page))
		verdict_skip("not exercised: reclaim does not drop such a page");
	make_droppable(page, lazy);
	*(volatile uint8_t *)page = 7;
	reclaim(page);
	if (*(volatile uint8_t *)page != 7)
		verdict_fail(VERDICT_LOST_WRITE, "what the host itself wrote is gone");
}

static struct memslot slot_on(struct vm *vm, uint8_t *memory)
{
	struct memslot slot = { .id = vm->next_slot++, .gpa = GPA, .size = PAGE, .hva = memory };

	memslot_set(vm, &slot);
	return slot;
}

/* What a vCPU writes itself stays: its page fault marks the page dirty. */
static void droppable_guest(bool lazy)
{
	uint8_t *memory = droppable_map(lazy);
	struct vm *vm = vm_create(vm_default);
	struct agent *a = agent_create(vm, 0, -1);
	struct memslot slot = slot_on(vm, memory);

	make_droppable(memory, lazy);
	agent_write(a, GPA, 7);
	reclaim(memory);
	if (*(volatile uint64_t *)memory != 7)
		verdict_fail(VERDICT_LOST_DATA, "what a vCPU wrote is gone after reclaim");
	agent_destroy(a);
	memslot_delete(vm, &slot);
	vm_destroy(vm);
	munmap(memory, 2 * PAGE);
}

/*
 * Whoever writes to a page through the kernel's own mapping has to mark it dirty: no page
 * table entry knows of the write.
 */
static void droppable(const struct run *run)
{
	const bool lazy = *(const bool *)run->arg;
	const struct pfncache_kind *kind;
	struct pfncache_vm p;
	struct memslot slot;
	char lost[200] = "";
	uint8_t *memory;

	droppable_guest(lazy);
	for (kind = pfncache_kinds; kind->name; kind++) {
		if (!pfncache_offered(kind))
			continue;
		memory = droppable_map(lazy);
		droppable_control(memory + PAGE, lazy);
		pfncache_open(&p, kind);
		slot = slot_on(p.vm, memory);
		make_droppable(memory, lazy);
		pfncache_point(&p, kind, kind->hva ? (uintptr_t)memory : GPA);
		pfncache_use(&p, kind, 1);
		reclaim(memory);
		if (!kind->shows(memory, 1))
			snprintf(lost + strlen(lost), sizeof(lost) - strlen(lost), "%s%s",
				 lost[0] ? ", " : "", kind->name);
		memslot_delete(p.vm, &slot);
		pfncache_close(&p);
		munmap(memory, 2 * PAGE);
	}
	if (lost[0])
		verdict_fail(VERDICT_LOST_WRITE, "token that KVM wrote is gone after reclaim: %s",
			     lost);
}

static const struct subtest subtests[] = {
	{ "pfncache/no-shared-info", "an event for a VM that never had a shared_info is an error",
	  no_shared_info, NULL, &known_gpc_never_active },
	{ "pfncache/no-vcpu-info", "an event for a vCPU without vcpu_info waits until it has one",
	  no_vcpu_info, NULL, &known_gpc_never_active },
	{ "pfncache/failed-activation", "an activation that fails leaves nothing active behind",
	  failed_activation },
	{ "pfncache/far-gfn", "a gfn that no gpa corresponds to is refused", far_gfn,
	  NULL, &known_gfn_truncated },
	{ "pfncache/lazy-free", "what KVM writes after MADV_FREE survives reclaim", droppable,
	  &(const bool){ true }, &known_gpc_clean },
	{ "pfncache/read-first", "what KVM writes to a file's page that was only read survives reclaim",
	  droppable, &(const bool){ false }, &known_gpc_clean },
};

TEST_PROGRAM("pfncache_regression_test", subtests)
