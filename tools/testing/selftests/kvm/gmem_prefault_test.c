// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every argument of KVM_PRE_FAULT_MEMORY (api.rst, 4.143).
 */
#include <string.h>
#include <unistd.h>
#include "abi/array.h"
#include "scenario/api_errno.h"
#include "scenario/sweep.h"

struct pre_fault_row {
	enum sweep_base base;
	struct sweep_bytes offset, size;
	int expected;
	struct sweep_bytes left;		/* of size, if it succeeds */
};

static void try_pre_fault(struct sweep *api, const struct pre_fault_row *row, uint64_t flags)
{
	uint64_t gpa = sweep_gpa(row->base, row->offset), size = sweep_bytes(row->size);
	struct kvm_pre_fault_memory args = { .gpa = gpa, .size = size, .flags = flags };
	int r, expected = flags ? EINVAL : row->expected;
	uint64_t left;

	/* Some look at the arguments first, some find out first that it cannot be done. */
	if (!vm_cap(api->vm, KVM_CAP_PRE_FAULT_MEMORY))
		expected = SWEEP_EITHER(expected == EINVAL ? EINVAL : EOPNOTSUPP,
				      API_UNKNOWN_IOCTL);
	/* kvm_vcpu_pre_fault_memory() does not look at padding[], nor does 4.143 ask for zero. */
	memset(args.padding, 0xff, sizeof(args.padding));
	do {
		r = __vcpu_ioctl(api->agent->vcpu, KVM_PRE_FAULT_MEMORY, &args);
	} while (r == -EINTR || r == -EAGAIN);
	left = sweep_expect(api, expected, r,
			  "KVM_PRE_FAULT_MEMORY gpa %#llx, size %#llx, flags %#llx",
			  (unsigned long long)gpa, (unsigned long long)size,
			  (unsigned long long)flags) ? sweep_bytes(row->left) : size;
	if (args.size != left || args.gpa != gpa + size - left)
		sweep_wrong(api, "pre-fault gpa %#llx, size %#llx: expected %#llx left, got %#llx at %#llx",
			  (unsigned long long)gpa, (unsigned long long)size,
			  (unsigned long long)left, (unsigned long long)args.size,
			  (unsigned long long)args.gpa);
}

static void pre_fault(struct sweep *api)
{
	static const struct pre_fault_row rows[] = {
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), WHOLE_PAGES(1), 0 },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), WHOLE_PAGES(SWEEP_RAM_PAGES), 0 },
		/* api.rst, 4.143: success if one page was processed, the rest is passed back. */
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(1), WHOLE_PAGES(SWEEP_RAM_PAGES), 0,
		  WHOLE_PAGES(1) },
		/* kvm_vcpu_pre_fault_memory(): not aligned, "gpa + size <= gpa". */
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), WHOLE_PAGES(0), EINVAL },
		{ SWEEP_FROM_VICTIM, PAGES_AND(0, 1), WHOLE_PAGES(1), EINVAL },
		{ SWEEP_FROM_VICTIM, PAGES_AND(1, -1), WHOLE_PAGES(1), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), PAGES_AND(0, 1), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), PAGES_AND(1, -1), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), PAGES_AND(1, 1), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), FROM_2_64(-1), EINVAL },
		{ SWEEP_FROM_ZERO, FROM_2_64(-1), WHOLE_PAGES(1), EINVAL },
		{ SWEEP_FROM_ZERO, FROM_2_64(-1), WHOLE_PAGES(2), EINVAL },
		/* api.rst, 4.143: outside of all memslots, however far. */
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(SWEEP_RAM_PAGES), WHOLE_PAGES(1), ENOENT },
		{ SWEEP_FROM_VICTIM, FROM_2_64(-1), WHOLE_PAGES(2), ENOENT },
		{ SWEEP_FROM_SPARE, WHOLE_PAGES(0), WHOLE_PAGES(1), ENOENT },
		{ SWEEP_FROM_ZERO, PAGES_AND(0, 1ll << 52), WHOLE_PAGES(1), ENOENT },
		{ SWEEP_FROM_ZERO, FROM_2_63(0), WHOLE_PAGES(1), ENOENT },
		{ SWEEP_FROM_ZERO, FROM_2_64(-2), WHOLE_PAGES(1), ENOENT },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		try_pre_fault(api, &rows[i], 0);
	/* kvm_vcpu_pre_fault_memory(): no flags yet. */
	for (i = 0; i < 64; i++)
		try_pre_fault(api, &rows[0], 1ull << i);
	sweep_expect(api, vm_cap(api->vm, KVM_CAP_PRE_FAULT_MEMORY) ? EFAULT :
		   SWEEP_EITHER(EFAULT, API_UNKNOWN_IOCTL),
		   __vcpu_ioctl(api->agent->vcpu, KVM_PRE_FAULT_MEMORY, NULL),
		   "KVM_PRE_FAULT_MEMORY of a NULL pointer");
}

/* What page tables of four levels cover. */
#define FOUR_LEVELS	(1ll << 48)

/*
 * The slot's page gets in, or it does not, nobody says; but in no case does it get in
 * where the victim's belongs, which just had to leave.
 */
static void pre_fault_high_slot(struct sweep *api, const struct memslot *high)
{
	struct kvm_pre_fault_memory args = { .gpa = high->gpa, .size = high->size };
	uint64_t *word = high->hva;
	unsigned int i;

	for (i = 0; i < high->size / sizeof(*word); i++)
		word[i] = token_make(api->vm->number, TOKEN_ACTOR_HOST, 1, TOKEN_PAGE_MASK, i);
	memory_unplug(api->ram);
	memory_plug(api->ram);
	__vcpu_ioctl(api->agent->vcpu, KVM_PRE_FAULT_MEMORY, &args);
	sweep_check_victim(api, "KVM_PRE_FAULT_MEMORY of a slot 2^48 bytes above the victim");
}

/*
 * kvm_mmu_max_gfn() is what the host's CPU can address, and the vCPU's page tables may
 * reach less far: 2^48 bytes above the victim is the victim, if the upper bits get lost.
 */
static void pre_fault_high(struct sweep *api)
{
	static const struct pre_fault_row row = {
		SWEEP_FROM_VICTIM, { 0, FOUR_LEVELS }, { 1, 0 }, ENOENT
	};
	struct memslot high = sweep_slot_good(api);

	if (!vm_cap(api->vm, KVM_CAP_PRE_FAULT_MEMORY))
		verdict_skip("no pre-fault (KVM_CAP_PRE_FAULT_MEMORY is 0)");
	high.gpa = SWEEP_GPA + FOUR_LEVELS;
	high.flags = 0;
	if (__memslot_set(api->vm, &high))
		verdict_skip("no gpa above 2^48 on this CPU");
	memslot_delete(api->vm, &high);
	try_pre_fault(api, &row, 0);
	memslot_set(api->vm, &high);
	pre_fault_high_slot(api, &high);
	memslot_delete(api->vm, &high);
	close(high.gmem);
}

static const struct subtest subtests[] = {
	{ "api/pre-fault", "pre-fault maps what memslots cover and says what is left",
	  SWEEP_SUBJECT(pre_fault) },
	{ "api/pre-fault-high", "a gpa that the page tables do not reach is not taken for another",
	  SWEEP_SUBJECT(pre_fault_high) },
};

TEST_PROGRAM("gmem_prefault_test", subtests)
