// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/arm64/kvm_uapi_arm64.h"
#include "machine/arm64/registers.h"
#include "scenario/arm64/pkvm_guest.h"

#define PSTATE_EL1H	0x3c5ull	/* interrupts masked */

/* Addresses without memory: what to do, three arguments, the result. */
#define MAILBOX		(PKVM_GPA + (1ull << 30))	/* 0x1_4000_0000, as below */
#define RESULT		(MAILBOX + 32)

/* Position-independent, with its MMU off. Of a protected vCPU's registers the host sets few. */
static const uint32_t guest_code[] = {
	0xd2a80014,	/*	mov	x20, #0x40000000	*/
	0xf2c00034,	/*	movk	x20, #1, lsl #32	*/
	0xf9400284,	/* 0:	ldr	x4, [x20]		*/
	0xf9400681,	/*	ldr	x1, [x20, #8]		*/
	0xf9400a82,	/*	ldr	x2, [x20, #16]		*/
	0xf9400e83,	/*	ldr	x3, [x20, #24]		*/
	0xb40000c4,	/*	cbz	x4, 1f			*/
	0xf100049f,	/*	cmp	x4, #1			*/
	0x540000c0,	/*	b.eq	2f			*/
	0xaa0403e0,	/*	mov	x0, x4			*/
	0xd4000002,	/*	hvc	#0			*/
	0x14000005,	/*	b	3f			*/
	0xf9400020,	/* 1:	ldr	x0, [x1]		*/
	0x14000003,	/*	b	3f			*/
	0xf9000022,	/* 2:	str	x2, [x1]		*/
	0xd2800000,	/*	mov	x0, #0			*/
	0xf9001280,	/* 3:	str	x0, [x20, #32]		*/
	0x17fffff1,	/*	b	0b			*/
};

static const struct vm_type *protected_type(void)
{
	const struct vm_type *type = vm_types;

	while (type->name && type->id != KVM_VM_TYPE_ARM_PROTECTED)
		type++;
	return type;
}

struct pkvm_guest pkvm_guest_create(void)
{
	struct pkvm_guest g = { .vm = vm_create_bare(protected_type()) };
	const uint64_t size = PKVM_PAGES * page_size();

	g.memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	verdict_require(g.memory != MAP_FAILED, "mmap");
	memcpy(g.memory, guest_code, sizeof(guest_code));
	__builtin___clear_cache((char *)g.memory, (char *)g.memory + page_size());
	g.slot = (struct memslot){ .id = 1, .gpa = PKVM_GPA, .size = size, .hva = g.memory };
	memslot_set(g.vm, &g.slot);
	return g;
}

struct vcpu *pkvm_guest_vcpu(struct pkvm_guest *g, unsigned int id)
{
	struct vcpu *vcpu = vcpu_create_bare(g->vm, id);
	struct kvm_vcpu_init init;

	vm_ioctl(g->vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= 1u << KVM_ARM_VCPU_PSCI_0_2;
	vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
	register_set(vcpu, REG_PSTATE, PSTATE_EL1H);
	register_set(vcpu, REG_PC, PKVM_GPA);
	return vcpu;
}

int __pkvm_guest_call(struct vcpu *vcpu, uint64_t what, const uint64_t *arg, uint64_t *result)
{
	for (;;) {
		struct vcpu_exit exit = vcpu_run(vcpu);
		char text[200];

		verdict_progress();
		if (exit.kind == VCPU_EXIT_INTERRUPTED)
			continue;
		if (exit.kind == VCPU_EXIT_ERROR || exit.kind == VCPU_EXIT_MEMORY_FAULT)
			return exit.error;
		if (exit.kind == VCPU_EXIT_MMIO && exit.write && exit.gpa == RESULT) {
			*result = exit.data;
			return 0;
		}
		if (exit.kind == VCPU_EXIT_MMIO && !exit.write && exit.gpa >= MAILBOX &&
		    exit.gpa < RESULT) {
			const uint64_t word = (exit.gpa - MAILBOX) / 8;

			vcpu_mmio_answer(vcpu, word ? arg[word - 1] : what);
			continue;
		}
		vcpu_exit_describe(&exit, text, sizeof(text));
		verdict_fail(VERDICT_ABI, "a protected guest, %#llx of %#llx, %#llx, %#llx: %s",
			     (unsigned long long)what, (unsigned long long)arg[0],
			     (unsigned long long)arg[1], (unsigned long long)arg[2], text);
	}
}

uint64_t pkvm_guest_call(struct vcpu *vcpu, uint64_t what, uint64_t arg0, uint64_t arg1)
{
	const uint64_t arg[] = { arg0, arg1, 0 };
	uint64_t result;
	int r = __pkvm_guest_call(vcpu, what, arg, &result);

	if (r)
		verdict_fail(VERDICT_ABI, "a protected guest, %#llx of %#llx: KVM_RUN: %s",
			     (unsigned long long)what, (unsigned long long)arg0, strerror(-r));
	return result;
}

void pkvm_guest_destroy(struct pkvm_guest *g)
{
	vm_destroy(g->vm);
}

uint64_t pkvm_gpa(uint32_t page)
{
	return PKVM_GPA + page * page_size();
}

uint64_t *pkvm_word(const struct pkvm_guest *g, uint32_t page)
{
	return (uint64_t *)(g->memory + page * page_size());
}

bool pkvm_host_may(const struct pkvm_guest *g, uint32_t page, uint64_t *value)
{
	return !guarded_read(pkvm_word(g, page), value);
}
