// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest_memfd and protected VMs (kvm-arm.mode=protected, in development in 7.3).  The agent
 * cannot run there: what it wants to share with the host it would have to ask for.  A few
 * instructions can, and say by the way they end in which memory they were; everywhere else too.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/arm64/pkvm.h"
#include "machine/arm64/registers.h"
#include "machine/gmem.h"
#include "machine/memslot.h"

#define GPA		AGENT_TEST_GPA
#define PSTATE_EL1H	0x3c5ull	/* interrupts masked */

/* PSCI functions, by HVC (Arm DEN 0022). */
#define SYSTEM_OFF	0x84000008u
#define SYSTEM_RESET	0x84000009u

/* movz w0, #function; movk w0, #0x8400, lsl #16; hvc #0 */
static void store_call(void *memory, uint32_t function)
{
	uint32_t *code = memory;

	code[0] = 0x52800000u | (function & 0xffff) << 5;
	code[1] = 0x72a00000u | (function >> 16) << 5;
	code[2] = 0xd4000002u;
	__builtin___clear_cache(memory, (char *)memory + 12);
}

static void boot(struct vcpu *vcpu)
{
	struct kvm_vcpu_init init;

	vm_ioctl(vcpu->vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= 1u << KVM_ARM_VCPU_PSCI_0_2;
	vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
	register_set(vcpu, REG_PSTATE, PSTATE_EL1H);
	register_set(vcpu, REG_PC, GPA);
}

struct backing {
	unsigned long type;	/* id of the VM type */
	bool mapped;		/* userspace_addr is the mapping of the file, else other memory */
};

static const struct vm_type *find_type(unsigned long id)
{
	const struct vm_type *type = vm_types;

	while (type->name && type->id != id)
		type++;
	return type;
}

/* A file with one function in it, a memslot on it whose userspace_addr may hold another. */
static struct memslot make_slot(struct vm *vm, bool mapped)
{
	const uint64_t flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED;
	struct memslot slot = {
		.id = 1, .flags = KVM_MEM_GUEST_MEMFD, .gpa = GPA, .size = page_size(),
	};
	void *other;

	gmem_require(vm, flags);
	slot.gmem = gmem_create(vm, slot.size, flags);
	slot.hva = gmem_map(slot.gmem, 0, slot.size);
	store_call(slot.hva, SYSTEM_OFF);
	if (mapped)
		return slot;
	other = mmap(NULL, slot.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	verdict_require(other != MAP_FAILED, "mmap");
	store_call(other, SYSTEM_RESET);
	slot.hva = other;
	return slot;
}

static void run_backing(const struct run *run)
{
	const struct backing *b = run->arg;
	struct vm *vm = vm_create_bare(find_type(b->type));
	struct memslot slot = make_slot(vm, b->mapped);
	struct vcpu_exit exit;
	struct vcpu *vcpu;
	char text[200];
	int r = __memslot_set(vm, &slot);

	/* What KVM cannot do it may refuse. */
	if (r == -EINVAL || r == -EPERM)
		return;
	if (r)
		verdict_fail(VERDICT_ABI, "memslot with guest_memfd: %s", strerror(-r));
	vcpu = vcpu_create_bare(vm, 0);
	boot(vcpu);
	exit = vcpu_run(vcpu);
	if (exit.kind == VCPU_EXIT_SHUTDOWN &&
	    vcpu->run->system_event.type == KVM_SYSTEM_EVENT_SHUTDOWN)
		return;
	if (exit.kind == VCPU_EXIT_SHUTDOWN)
		verdict_fail(VERDICT_WRONG_PAGE,
			     "the guest runs in the memory at userspace_addr, not in the guest_memfd of its memslot");
	vcpu_exit_describe(&exit, text, sizeof(text));
	verdict_fail(VERDICT_ABI, "a memslot with guest_memfd was accepted, and cannot be used: %s",
		     text);
}

#define ON(...)		run_backing, &(const struct backing){ __VA_ARGS__ }

static const struct subtest subtests[] = {
	{ "pkvm/default-other",
	  "an ordinary guest runs in guest_memfd, whatever is at userspace_addr", ON(0, false) },
	{ "pkvm/default-mapped",
	  "an ordinary guest runs in guest_memfd whose mapping is at userspace_addr", ON(0, true) },
	{ "pkvm/protected-other",
	  "a protected VM runs in guest_memfd, or is refused such a memslot",
	  ON(KVM_VM_TYPE_ARM_PROTECTED, false), &known_pkvm_other },
	{ "pkvm/protected-mapped",
	  "a protected VM runs in guest_memfd whose mapping is at userspace_addr, or is refused it",
	  ON(KVM_VM_TYPE_ARM_PROTECTED, true), &known_pkvm_mapped },
};

TEST_PROGRAM("gmem_pkvm_test", subtests)
