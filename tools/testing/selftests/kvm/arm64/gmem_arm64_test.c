// SPDX-License-Identifier: GPL-2.0-only
/*
 * What arm64 allows and refuses in its own way: MTE, files that the host cannot map, dirty
 * logging, conversions, and accesses that the CPU does not describe.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "abi/array.h"
#include "abi/arm64/agent_arch.h"
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/memslot.h"
#include "memory/memory.h"

#define GPA	AGENT_TEST_GPA
#define SIZE	(16 * PAGE)
#define SHARED	(GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)

static void expect(int expected, int result, const char *what)
{
	if (result != expected)
		verdict_fail(VERDICT_ABI, "%s: expected %s, got %s", what,
			     expected ? strerror(-expected) : "success",
			     result ? strerror(-result) : "success");
}

/* A slot with guest_memfd, whose hva is the mapping where there can be one. */
static struct memslot gmem_slot(struct vm *vm, uint64_t flags)
{
	struct memslot slot = {
		.id = 1, .flags = KVM_MEM_GUEST_MEMFD, .gpa = GPA, .size = SIZE,
		.gmem = gmem_create(vm, SIZE, flags),
	};

	if (flags & GUEST_MEMFD_FLAG_MMAP)
		slot.hva = gmem_map(slot.gmem, 0, SIZE);
	return slot;
}

static int enable_mte(struct vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_MTE };

	return __vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}

static struct vm *mte_vm(void)
{
	struct vm *vm = vm_create_bare(vm_default);

	gmem_require(vm, SHARED);
	if (!vm_cap(vm, KVM_CAP_ARM_MTE))
		verdict_skip("no MTE (KVM_CAP_ARM_MTE is 0)");
	return vm;
}

/* kvm_arch_prepare_memory_region(): tags of such pages would be nobody's. */
static void run_mte_first(const struct run *run)
{
	struct vm *vm = mte_vm();
	struct memslot slot = gmem_slot(vm, SHARED), plain = { .id = 1, .gpa = GPA, .size = SIZE };

	(void)run;
	expect(0, enable_mte(vm), "KVM_CAP_ARM_MTE on a VM without memslots");
	expect(-EINVAL, __memslot_set(vm, &slot), "guest_memfd in a VM with MTE");
	/* The mapping of the file is refused for a reason of its own: it has no tags either. */
	slot.hva = NULL;
	expect(-EINVAL, __memslot_set(vm, &slot), "guest_memfd without a mapping in a VM with MTE");
	plain.hva = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	expect(0, __memslot_set(vm, &plain), "anonymous memory in a VM with MTE");
	vm_destroy(vm);
}

/* kvm_vm_ioctl_enable_cap(). */
static void run_mte_second(const struct run *run)
{
	struct vm *vm = mte_vm();
	struct memslot slot = gmem_slot(vm, SHARED);

	(void)run;
	memslot_set(vm, &slot);
	expect(-EINVAL, enable_mte(vm), "KVM_CAP_ARM_MTE on a VM with guest_memfd");
	memslot_delete(vm, &slot);
	expect(0, enable_mte(vm), "KVM_CAP_ARM_MTE once the slot is gone");
	slot.hva = NULL;
	expect(-EINVAL, __memslot_set(vm, &slot), "the slot again, without the mapping");
	vm_destroy(vm);
}

/* kvm_arch_prepare_memory_region(): no VM type has private memory only. */
static void run_unmappable(const struct run *run)
{
	struct vm *vm = vm_create_bare(vm_default);
	struct memslot slot;

	(void)run;
	gmem_require(vm, SHARED);
	slot = gmem_slot(vm, 0);
	expect(-EINVAL, __memslot_set(vm, &slot), "a guest_memfd that cannot be mapped");
	close(slot.gmem);
	slot = gmem_slot(vm, SHARED);
	expect(0, __memslot_set(vm, &slot), "one that can");
	vm_destroy(vm);
}

/* Without INIT_SHARED the file is the guest's alone: gmem_abort() does not look at it. */
static void run_guest_only(const struct run *run)
{
	struct vm *vm = vm_create(vm_default);
	struct agent *a = agent_create(vm, 0, 0);
	struct memslot slot;
	uint64_t value;

	(void)run;
	gmem_require(vm, SHARED);
	slot = gmem_slot(vm, GUEST_MEMFD_FLAG_MMAP);
	memslot_set(vm, &slot);
	agent_check_zero(a, GPA, SIZE, "fresh memory");
	agent_fill(a, GPA, GPA, SIZE, token_make(0, TOKEN_ACTOR_FILL, 1, 0, 0));
	fault_guard_install();
	if (!guarded_read(slot.hva, &value))
		verdict_fail(VERDICT_PERMISSION,
			     "the host read %#llx from a file without INIT_SHARED, expected SIGBUS",
			     (unsigned long long)value);
	agent_verify(a, GPA, GPA, SIZE, token_make(0, TOKEN_ACTOR_FILL, 1, 0, 0),
		     "memory that the host could not read");
	agent_destroy(a);
	vm_destroy(vm);
}

/* check_memory_region_flags(), and kvm_set_memory_region(): such a slot never changes. */
static void run_logging(const struct run *run)
{
	static const uint32_t flags[] = { KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY };
	struct vm *vm = vm_create_bare(vm_default);
	struct memslot slot;
	unsigned int i;

	(void)run;
	gmem_require(vm, SHARED);
	slot = gmem_slot(vm, SHARED);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		struct memslot other = slot;

		other.flags |= flags[i];
		expect(-EINVAL, __memslot_set(vm, &other), "a new slot with logging or read-only");
		memslot_set(vm, &slot);
		expect(-EINVAL, __memslot_set(vm, &other), "a slot that is to become so");
		memslot_delete(vm, &slot);
	}
	vm_destroy(vm);
}

/* A guest that asks all the same is told so, and goes on. */
static void run_convert(const struct run *run)
{
	struct agent_op op = { .opcode = AGENT_OP_CONVERT, .gpa = GPA, .size = SIZE, .arg = 1 };
	struct vm *vm = vm_create(vm_default);
	struct agent *a = agent_create(vm, 0, 0);
	struct memory *ram = memory_create(vm, MEMORY_SHARED, GPA, SIZE);
	const struct agent_result *r;
	int error;

	(void)run;
	if (attributes_supported(vm))
		verdict_skip("this kernel has memory attributes (KVM_CAP_MEMORY_ATTRIBUTES)");
	error = __attributes_set(vm, GPA, SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	expect(-EINVAL, error, "KVM_SET_MEMORY_ATTRIBUTES without the capability");
	agent_write(a, GPA, 1);
	r = agent_run(a, &op);
	if (a->converts != 1)
		verdict_skip("no SMCCC filter: the guest's call did not reach userspace");
	if (r->status != AGENT_REFUSED || (int)r->value != error)
		verdict_fail(VERDICT_ABI, "conversion: status %u, %lld, expected to be refused by %d",
			     r->status, (long long)r->value, error);
	if (agent_read(a, GPA) != 1 || *memory_word(ram, GPA) != 1)
		verdict_fail(VERDICT_LOST_WRITE, "a refused conversion changed the memory");
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

/* A hole: loads and stores end in KVM_EXIT_MMIO, an exchange in KVM_EXIT_ARM_NISV. */
static void run_hole(const struct run *run)
{
	static const uint32_t ops[] = { AGENT_OP_READ, AGENT_OP_WRITE, AGENT_OP_EXCHANGE };
	struct vm *vm = vm_create(vm_default);
	struct agent *a = agent_create(vm, 0, 0);
	struct memory *ram = memory_create(vm, MEMORY_SHARED, GPA, PAGE);
	unsigned int i;

	(void)run;
	agent_write(a, GPA, 1);
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		struct agent_op op = { .opcode = ops[i], .gpa = GPA + PAGE, .value = 2 };
		uint64_t value = agent_expect_ok(a, &op, VERDICT_ABI, "access to a hole");

		if (ops[i] != AGENT_OP_WRITE && value != WATCH_ABSENT)
			verdict_fail(VERDICT_ABI, "operation %u on a hole returned %#llx", ops[i],
				     (unsigned long long)value);
		if (a->mmio != 1 || a->fault.gpa != GPA + PAGE || a->faults)
			verdict_fail(VERDICT_ABI,
				     "operation %u on a hole: %llu exits for MMIO, gpa %#llx, %llu memory faults",
				     ops[i], (unsigned long long)a->mmio,
				     (unsigned long long)a->fault.gpa,
				     (unsigned long long)a->faults);
	}
	if (agent_read(a, GPA) != 1)
		verdict_fail(VERDICT_LOST_WRITE, "accesses to a hole changed the page before it");
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

#define EC_DATA_ABORT	0x25

/* Beyond what the agent's own page tables map: no exit, but a fault that the agent reports. */
static void run_exception(const struct run *run)
{
	struct agent_op op = { .opcode = AGENT_OP_READ, .gpa = AGENT_TEST_GPA_END };
	struct vm *vm = vm_create(vm_default);
	struct agent *a = agent_create(vm, 0, 0);
	struct memory *ram = memory_create(vm, MEMORY_SHARED, GPA, SIZE);
	const struct agent_result *r = agent_run(a, &op);
	char text[300];

	(void)run;
	agent_describe(a, text, sizeof(text));
	if (r->status != AGENT_EXCEPTION || AGENT_EC(r->error_code) != EC_DATA_ABORT ||
	    r->fault_address != AGENT_ALIAS_PRIVATE + op.gpa ||
	    r->ip - AGENT_CONTROL_GPA >= AGENT_IMAGE_MAX)
		verdict_fail(VERDICT_ABI, "expected a data abort at %#llx, got %s",
			     (unsigned long long)(AGENT_ALIAS_PRIVATE + op.gpa), text);
	/* And the vCPU goes on. */
	agent_write(a, GPA, 1);
	if (agent_read(a, GPA) != 1)
		verdict_fail(VERDICT_LOST_WRITE, "memory is lost after %s", text);
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

static const struct subtest subtests[] = {
	{ "arm64/mte-first", "a VM with MTE takes no guest_memfd", run_mte_first },
	{ "arm64/mte-second", "a VM with guest_memfd takes no MTE", run_mte_second },
	{ "arm64/unmappable", "a guest_memfd without MMAP cannot be bound", run_unmappable },
	{ "arm64/guest-only", "without INIT_SHARED the guest has the memory for itself",
	  run_guest_only },
	{ "arm64/logging", "KVM refuses dirty logging and read-only for a memslot with guest_memfd",
	  run_logging },
	{ "arm64/convert", "a conversion is refused without memory attributes, and harms nobody",
	  run_convert },
	{ "arm64/exception", "a fault of the guest is reported with ESR, FAR and ELR",
	  run_exception },
	{ "arm64/hole", "each kind of access to a hole reaches userspace once", run_hole },
};

TEST_PROGRAM("gmem_arm64_test", subtests)
