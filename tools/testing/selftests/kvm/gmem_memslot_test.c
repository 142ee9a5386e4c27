// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every argument of KVM_SET_USER_MEMORY_REGION2 with guest_memfd: good, boundary and bad
 * values, and what an existing slot allows.
 */
#include <string.h>
#include <unistd.h>
#include "abi/array.h"
#include "scenario/api_errno.h"
#include "scenario/sweep.h"

/* kvm_mmu_max_gfn() is what the host can address, which is never more. */
#define GPA_LIMIT_BITS	52

enum field { GPA, SIZE, HVA };

static void memslot_place(struct sweep *api)
{
	static const struct { enum field field; struct sweep_bytes value; int expected; } rows[] = {
		/* kvm_set_memory_region(): each not aligned, or wrapping. */
		{ GPA, PAGES_AND(0, 1), EINVAL },
		{ GPA, PAGES_AND(1, -1), EINVAL },
		{ GPA, FROM_2_64(-1), EINVAL },
		{ SIZE, PAGES_AND(0, 1), EINVAL },
		{ SIZE, PAGES_AND(1, -1), EINVAL },
		{ SIZE, PAGES_AND(1, 1), EINVAL },
		{ SIZE, FROM_2_64(-1), EINVAL },
		{ SIZE, FROM_2_63(0), EINVAL },
		/* The same: KVM_MEM_MAX_NR_PAGES; nothing to delete. */
		{ SIZE, WHOLE_PAGES(1ll << 31), EINVAL },
		{ SIZE, WHOLE_PAGES(0), EINVAL },
		/* The same: access_ok(). api.rst, 4.140: a legal address need not be mapped. */
		{ HVA, PAGES_AND(0, 1), EINVAL },
		{ HVA, PAGES_AND(1, -1), EINVAL },
		{ HVA, FROM_2_64(-1), EINVAL },
		{ HVA, FROM_2_63(0), EINVAL },
		{ HVA, WHOLE_PAGES(0), 0 },
		/* kvm_arch_prepare_memory_region(). */
		{ GPA, PAGES_AND(0, 1ll << GPA_LIMIT_BITS), API_BEYOND_GPA },
		{ GPA, FROM_2_64(-2), API_BEYOND_GPA },
		{ GPA, WHOLE_PAGES(1 << 22), 0 },
	};
	struct memslot good = sweep_slot_good(api);
	unsigned int i;

	sweep_slot_try(api, 0, &good, "a good region");
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t value = sweep_bytes(rows[i].value);
		struct memslot r = good;

		if (rows[i].field == GPA)
			r.gpa = value;
		else if (rows[i].field == SIZE)
			r.size = value;
		else
			r.hva = (void *)(uintptr_t)value;
		sweep_slot_try(api, rows[i].expected, &r, "place");
	}
	sweep_slot_try(api, 0, &good, "a good region again");
	close(good.gmem);
}

/* kvm_vm_ioctl_set_memory_region(): KVM_CAP_NR_MEMSLOTS; the upper half is the address space. */
static void memslot_ids(struct sweep *api)
{
	uint32_t slots = vm_cap(api->vm, KVM_CAP_NR_MEMSLOTS);
	uint32_t spaces = vm_cap(api->vm, KVM_CAP_MULTI_ADDRESS_SPACE);
	struct memslot r = sweep_slot_good(api);
	unsigned int i;

	spaces = spaces ? spaces : 1;
	const struct { uint32_t slot; int expected; } rows[] = {
		{ SWEEP_SLOT, 0 }, { slots - 1, 0 }, { slots, EINVAL }, { 0xffff, EINVAL },
		{ (spaces - 1) << 16 | SWEEP_SLOT, 0 },
		{ spaces << 16 | SWEEP_SLOT, EINVAL }, { 0x8000u << 16 | SWEEP_SLOT, EINVAL },
		{ 0xffffu << 16 | SWEEP_SLOT, EINVAL }, { 0xffffffff, EINVAL },
	};

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		r.id = rows[i].slot;
		sweep_slot_try(api, rows[i].expected, &r, "slot id");
	}
	close(r.gmem);
}

static void memslot_flags(struct sweep *api)
{
	struct memslot r = sweep_slot_good(api), plain = r;
	unsigned int bit;

	/* check_memory_region_flags(): neither read-only nor dirty logging with guest_memfd. */
	for (bit = 0; bit < 32; bit++) {
		r.flags = KVM_MEM_GUEST_MEMFD | 1u << bit;
		sweep_slot_try(api, r.flags == KVM_MEM_GUEST_MEMFD ? 0 : EINVAL, &r, "flags");
		plain.flags = 1u << bit;
		if (plain.flags == KVM_MEM_LOG_DIRTY_PAGES || plain.flags == KVM_MEM_GUEST_MEMFD ||
		    (plain.flags == KVM_MEM_READONLY && vm_cap(api->vm, KVM_CAP_READONLY_MEM)))
			sweep_slot_try(api, 0, &plain, "flags");
		else
			sweep_slot_try(api, EINVAL, &plain, "flags");
	}
	close(r.gmem);
}

static void memslot_args(struct sweep *api)
{
	struct memslot good = sweep_slot_good(api);
	struct kvm_userspace_memory_region2 r = {
		.slot = good.id,
		.flags = good.flags,
		.guest_phys_addr = good.gpa,
		.memory_size = good.size,
		.userspace_addr = (uintptr_t)good.hva,
		.guest_memfd = good.gmem,
	};
	const int input = dup(STDIN_FILENO);

	/*
	 * kvm_vm_ioctl(): KVM_SET_USER_MEMORY_REGION_V1_FLAGS; copy_from_user().  The file that
	 * the older ioctl could take is descriptor 0, for what it does not copy is zero.
	 */
	verdict_require(dup2(good.gmem, STDIN_FILENO) == STDIN_FILENO, "dup2");
	sweep_expect(api, EINVAL, __vm_ioctl(api->vm, KVM_SET_USER_MEMORY_REGION, &r),
		   "KVM_SET_USER_MEMORY_REGION with KVM_MEM_GUEST_MEMFD");
	if (input < 0 || dup2(input, STDIN_FILENO) < 0)
		close(STDIN_FILENO);
	close(input);
	sweep_expect(api, EFAULT, __vm_ioctl(api->vm, KVM_SET_USER_MEMORY_REGION2, NULL),
		   "KVM_SET_USER_MEMORY_REGION2 of a NULL pointer");
	/* kvm_set_memory_region() does not look at pad1 and pad2, nor does 4.140 ask for zero. */
	r.pad1 = ~0u;
	memset(r.pad2, 0xff, sizeof(r.pad2));
	if (sweep_expect(api, 0, __vm_ioctl(api->vm, KVM_SET_USER_MEMORY_REGION2, &r),
		       "KVM_SET_USER_MEMORY_REGION2 with all padding set"))
		sweep_slot_delete(api, 0, r.slot, "delete");
	close(good.gmem);
}

/* kvm_set_memory_region(): "Private memslots are immutable, they can only be deleted". */
static void memslot_change(struct sweep *api)
{
	const struct memslot victim = api->ram->slots[0];
	uint64_t page = getpagesize();
	struct memslot r[12];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(r); i++)
		r[i] = victim;
	/* r[0] changes nothing at all. */
	r[1].gpa += page;
	r[2].gpa = SWEEP_SPARE_GPA;
	r[3].size -= page;
	r[4].size += page;
	r[5].hva = (uint8_t *)victim.hva + page;
	r[6].gmem_offset -= page;
	r[7].gmem = gmem_create(api->vm, SWEEP_FILE_PAGES * page, api->flags);
	r[8].flags |= KVM_MEM_READONLY;
	r[9].flags |= KVM_MEM_LOG_DIRTY_PAGES;
	/* Without KVM_MEM_GUEST_MEMFD it is an ordinary slot, which may change, but not so. */
	r[10].flags = 0;
	r[11].flags = KVM_MEM_LOG_DIRTY_PAGES;
	for (i = 0; i < ARRAY_SIZE(r); i++)
		sweep_slot_set(api, EINVAL, &r[i], "change");
	close(r[7].gmem);
}

/* kvm_set_memory_region(): what an ordinary slot allows, as a control. */
static void memslot_change_plain(struct sweep *api)
{
	struct memslot good = sweep_slot_good(api), r;
	uint64_t page = getpagesize();

	close(good.gmem);
	good.flags = 0;
	good.size = 2 * page;
	if (!sweep_slot_set(api, 0, &good, "create"))
		return;
	sweep_slot_set(api, 0, &good, "nothing changed");
	r = good;
	r.flags = KVM_MEM_LOG_DIRTY_PAGES;
	sweep_slot_set(api, 0, &r, "dirty logging on");
	sweep_slot_set(api, 0, &good, "dirty logging off");
	r = good;
	r.size = page;
	sweep_slot_set(api, EINVAL, &r, "shrink");
	r.size = 3 * page;
	sweep_slot_set(api, EINVAL, &r, "grow");
	r = good;
	r.hva = (uint8_t *)good.hva + page;
	sweep_slot_set(api, EINVAL, &r, "other hva");
	r = good;
	r.flags = KVM_MEM_READONLY;
	sweep_slot_set(api, EINVAL, &r, "read-only on");
	r = good;
	r.flags = KVM_MEM_GUEST_MEMFD;
	r.gmem = gmem_create(api->vm, 2 * page, api->flags);
	sweep_slot_set(api, EINVAL, &r, "guest_memfd on");
	close(r.gmem);
	r = good;
	r.gpa = SWEEP_GPA + page;
	sweep_slot_set(api, EEXIST, &r, "move onto the victim");
	r.gpa = SWEEP_SPARE_GPA + 16 * page;
	sweep_slot_set(api, 0, &r, "move");
	sweep_slot_delete(api, 0, good.id, "delete");
}

/* kvm_set_memory_region(): arguments are checked before the slot is looked up. */
static void memslot_delete_args(struct sweep *api)
{
	struct memslot good = sweep_slot_good(api), gone = api->ram->slots[0];

	sweep_slot_delete(api, EINVAL, SWEEP_SLOT, "delete what never was");
	if (sweep_slot_set(api, 0, &good, "create")) {
		sweep_slot_delete(api, 0, SWEEP_SLOT, "delete");
		sweep_slot_delete(api, EINVAL, SWEEP_SLOT, "delete twice");
	}
	close(good.gmem);
	sweep_slot_delete(api, EINVAL, vm_cap(api->vm, KVM_CAP_NR_MEMSLOTS), "delete");
	gone.size = 0;
	gone.gpa += 1;
	sweep_slot_set(api, EINVAL, &gone, "delete");
	gone = api->ram->slots[0];
	gone.size = 0;
	gone.gmem_offset += 1;
	sweep_slot_set(api, EINVAL, &gone, "delete");
	gone.gmem_offset -= 1;
	gone.flags |= KVM_MEM_READONLY;
	sweep_slot_set(api, EINVAL, &gone, "delete");
	gone.flags = 1u << 31;
	sweep_slot_set(api, EINVAL, &gone, "delete");
}

static const struct subtest subtests[] = {
	{ "api/memslot-place", "gpa, size and hva of a slot are aligned, do not wrap, can be addressed",
	  SWEEP_SUBJECT(memslot_place) },
	{ "api/memslot-ids", "slots up to KVM_CAP_NR_MEMSLOTS in each address space, no other",
	  SWEEP_SUBJECT(memslot_ids) },
	{ "api/memslot-flags", "KVM_MEM_GUEST_MEMFD goes with no other flag, unknown flags with nothing",
	  SWEEP_SUBJECT(memslot_flags) },
	{ "api/memslot-args", "a bad pointer and the older ioctl with KVM_MEM_GUEST_MEMFD are refused",
	  SWEEP_SUBJECT(memslot_args) },
	{ "api/memslot-change", "a slot with guest_memfd can be deleted but not changed",
	  SWEEP_SUBJECT(memslot_change) },
	{ "api/memslot-change-plain", "an ordinary slot can be moved and logged, not resized or rebound",
	  SWEEP_SUBJECT(memslot_change_plain) },
	{ "api/memslot-delete", "only a slot that exists can be deleted, and only once",
	  SWEEP_SUBJECT(memslot_delete_args) },
};

TEST_PROGRAM("gmem_memslot_test", subtests)
