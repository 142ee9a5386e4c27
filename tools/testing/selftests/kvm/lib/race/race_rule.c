// SPDX-License-Identifier: GPL-2.0-only
/* Which operations may race, what may result besides the usual, and why: one row each. */
#include <errno.h>
#include <fnmatch.h>
#include <stddef.h>
#include "abi/array.h"
#include "harness/known_issues.h"
#include "plan/memory_mask.h"
#include "race/race.h"

/* @side may end with @error if it races one of @peers: patterns of fnmatch(3), FNM_EXTMATCH. */
struct rule {
	const char *side, *peers;
	int error;
	uint8_t memory;
	const char *why;	/* for the reader: which code decides so */
};

static const struct rule rules[] = {
	{ "pre-fault", "slot-*", ENOENT, ALL,
	  "api.rst, 4.143: the gpa is outside of all memslots, for the moment" },
	{ "pre-fault", "slot-*", EAGAIN, ALL,
	  "kvm_mmu_faultin_pfn(): the memslot is going or moving, prefault does not wait" },
	{ "pre-fault", "slot-*", EFAULT, CONVERTED,
	  "kvm_handle_noslot_fault(): private memory without a memslot is a memory fault" },
	{ "pre-fault", "to-*", EFAULT, CONVERTED,
	  "kvm_mmu_faultin_pfn(): the attribute has changed since it was looked at" },
	{ "pre-fault", "file-close", EFAULT, ALL,
	  "kvm_gmem_get_pfn(): the file is closed" },
	{ "pre-fault", "unmap", EFAULT, ALL,
	  "kvm_handle_error_pfn(): nothing is mapped at userspace_addr" },
	{ "host-write", "unmap", EFAULT, ALL,
	  "SIGSEGV: the mapping is not there, for the moment" },
	{ "host-write", "protect", EFAULT, ALL, "SIGSEGV: the mapping is read-only" },
	{ "host-write", "file-close", EFAULT, MAPPED, "SIGSEGV: the mapping goes with the file" },
	{ "host-write", "*", EFAULT, SEALED | INPLACE,
	  "kvm_gmem_fault_user_mapping(): SIGBUS, the page is not shared" },
	{ "slot-@(delete|replace)", "slot-@(delete|create|replace)", EINVAL, ALL,
	  "kvm_set_memory_region(): there is no such memslot, any more or yet" },
	{ "slot-replace", "unmap", ENOMEM, ANON, "madvise(2): not all of the range is mapped" },
	{ "slot-create", "slot-create", EINVAL, SPLIT | MAPPED,
	  "kvm_set_memory_region(): a memslot with guest_memfd can only be deleted" },
	{ "slot-create", "slot-toggle", EINVAL, ALL,
	  "kvm_set_memory_region(): the memslot is there, with flags that cannot change" },
	{ "slot-create", "file-close", EBADF, ALL,
	  "kvm_gmem_prepare_memory_region(): the file descriptor is closed" },
	{ "slot-toggle", "slot-@(delete|create|replace)", 0, ALL,
	  "kvm_set_memory_region(): without a memslot it creates one with these flags" },
	{ "slot-@(move|log)", "slot-toggle", EINVAL, ANON,
	  "kvm_set_memory_region(): a memslot has come with flags that cannot change" },
	{ "@(punch|allocate|slot-replace)", "file-close", EBADF, ALL,
	  "fallocate(2): the file descriptor is closed" },
	{ "to-*", "file-close", EBADF, INPLACE, "ioctl(2): the file descriptor is closed" },
	{ "@(discard|protect|page-out)", "unmap", ENOMEM, ALL,
	  "madvise(2), mprotect(2): not all of the range is mapped" },
	{ "@(discard|protect)", "file-close", ENOMEM, MAPPED,
	  "madvise(2), mprotect(2): the mapping goes with the file" },
	{ "bind", "unmap", EFAULT, ALL, "mbind(2): there is a hole in the range" },
	{ "bind", "file-close", EFAULT, MAPPED, "mbind(2): the mapping goes with the file" },
	{ "dirty-log", "slot-log", ENOENT, ANON, "kvm_get_dirty_log(): nothing is logged" },
	{ "dirty-log", "slot-@(delete|create|replace)", ENOENT, ANON,
	  "kvm_get_dirty_log(): no such memslot" },
};

static bool matches(const char *pattern, const struct race_side *s)
{
	return !fnmatch(pattern, s->name, FNM_EXTMATCH);
}

bool race_error_allowed(const struct race_side *side, const struct race_side *peer,
			enum memory_kind kind, int error)
{
	unsigned int i;

	if (error == side->error)
		return true;
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].error == error && rules[i].memory >> kind & 1 &&
		    matches(rules[i].side, side) && matches(rules[i].peers, peer))
			return true;
	return false;
}

static bool is(const struct race_side *a, const struct race_side *b, const char *one,
	       const char *other)
{
	return (matches(one, a) && matches(other, b)) || (matches(one, b) && matches(other, a));
}

bool race_pair_valid(const struct race_side *a, const struct race_side *b, enum memory_kind kind)
{
	if (!(a->memory & b->memory & 1 << kind))
		return false;
	/* An mmap that has begun holds the file: what closes it is not the last reference. */
	if (memory_kind_mapped(kind) && is(a, b, "file-close", "remap"))
		return false;
	return a != b || !(a->race & RACE_ONCE);
}

/* A vCPU brings the page in, or KVM does for it. */
static bool faults(const struct race_side *s)
{
	return s->guest || s->op == OP_PRE_FAULT;
}

static bool writes(const struct race_side *s)
{
	return s->guest && s->kind != PLAN_READ;
}

static bool runs_code(const struct race_side *s)
{
	return s->guest && s->kind == PLAN_EXECUTE;
}

/* Memory goes, or another copy is seen from now on. */
static bool takes(const struct race_side *s)
{
	if (s->op == OPERATIONS || s->same)
		return false;
	return operation_get(s->op)->effect || s->flags & OPERATION_TAKES;
}

/*
 * Time goes where faults are: `mutants ttd --whole` says how soon each mutant is noticed.  Two who
 * bring the same page in have a short moment to get in each other's way, and what one of them
 * wrote must be lost to be missed; a page that a punch freed must be given out again while KVM
 * still brings it in; a file's last reference goes once for each round, slowly.
 */
static unsigned int weight_long(const struct race_side *a, const struct race_side *b)
{
	if ((a->op == OP_PRE_FAULT && b->op == OP_PUNCH) ||
	    (b->op == OP_PRE_FAULT && a->op == OP_PUNCH))
		return 60;
	/* Code that is stored and run: a page used uncleared is seen at once. */
	if (a->guest && b->guest && (runs_code(a) || runs_code(b)))
		return 80;
	if (faults(a) && faults(b) && (writes(a) || writes(b)))
		return 20;
	if ((faults(a) && b->op == OP_FILE_CLOSE) || (faults(b) && a->op == OP_FILE_CLOSE))
		return 16;
	/* A memslot that goes under a punch may leave an invalidation that never ends. */
	if ((a->op == OP_PUNCH && b->op == OP_SLOT_DELETE) ||
	    (b->op == OP_PUNCH && a->op == OP_SLOT_DELETE))
		return 16;
	return 0;
}

/* What takes long to show is looked for in one kind of memory: the code is that of all others. */
unsigned int race_pair_weight(const struct race_side *a, const struct race_side *b,
			      enum memory_kind kind)
{
	const unsigned int weight = CONVERTED >> kind & 1 ? weight_long(a, b) : 0;
	const bool taken = takes(a) || takes(b);

	if (weight)
		return weight;
	if ((faults(a) && takes(b)) || (faults(b) && takes(a)))
		return RACE_WEIGHT_SOON;
	if (faults(a) && faults(b))
		return 6;
	if (taken && (a->op == OPERATIONS || b->op == OPERATIONS))
		return 3;
	return takes(a) && takes(b) ? 2 : 1;
}

const char *race_fixed(const struct race_side *a, const struct race_side *b)
{
	return is(a, b, "pre-fault", "slot-*") ? MENDED_PRE_FAULT_SLOTS : NULL;
}

bool race_takes_memslot(const struct race_side *a, const struct race_side *b)
{
	return is(a, b, "slot-*", "*");
}

const struct known_issue *race_known_issue(const struct race_side *a, const struct race_side *b,
					   enum memory_kind kind)
{
	/* Of ordinary VMs alone. */
	if (!(CONVERTED >> kind & 1) && is(a, b, "pre-fault", "other-slot"))
		return &known_pre_fault_hang;
	if (is(a, b, "guest-*", "slot-*"))
		return &known_hole_warn;
	return NULL;
}
