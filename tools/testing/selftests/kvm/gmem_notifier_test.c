// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_CAP_SYNC_MMU: what the host does to the memory behind a memslot shows in a running guest
 * at once (include/uapi/linux/kvm.h; api.rst, 4.35).  The vCPU waits in the guest, without
 * leaving it, while the host unmaps, protects, discards, moves or swaps out, and looks when
 * that is done; then the host writes, and it looks again.
 */
#include "harness/runner.h"
#include "machine/kvm_ioctl.h"
#include "race/race.h"

static void run_reported(const struct run *run)
{
	struct vm *vm = vm_create_bare(vm_default);

	(void)run;
	if (kvm_cap(KVM_CAP_SYNC_MMU) != 1 || vm_cap(vm, KVM_CAP_SYNC_MMU) != 1)
		verdict_fail(VERDICT_ABI, "KVM_CAP_SYNC_MMU is %d on /dev/kvm and %d on a VM, expected 1",
			     kvm_cap(KVM_CAP_SYNC_MMU), vm_cap(vm, KVM_CAP_SYNC_MMU));
	vm_destroy(vm);
}

struct change {
	const char *side;	/* of race_sides[] */
	enum memory_kind kind;
};

static void run_change(const struct run *run)
{
	const struct change *change = run->arg;
	struct race_config config = {
		.side = { race_side_find("guest-read"), race_side_find(change->side) },
		.kind = change->kind, .seed = run->seed, .duration = 60.0,
		.iterations = run->iterations, .alone = true,
	};
	struct race_result r = race_run(&config);

	verdict_exercised(r.races, r.overlaps);
}

#define CHANGE(side, kind)	run_change, &(const struct change){ side, kind }

static const struct subtest subtests[] = {
	{ "notifier/reported", "KVM_CAP_SYNC_MMU is there", run_reported },
	{ "notifier/unmap-anonymous", "munmap is seen at once", CHANGE("unmap", MEMORY_ANON) },
	{ "notifier/unmap-shared", "the same of a guest_memfd's mapping",
	  CHANGE("unmap", MEMORY_SHARED) },
	{ "notifier/unmap-shared-side", "the same of private-capable memory",
	  CHANGE("unmap", MEMORY_SPLIT) },
	{ "notifier/protect-anonymous", "mprotect is seen at once",
	  CHANGE("protect", MEMORY_ANON) },
	{ "notifier/protect-shared-side", "the same of private-capable memory",
	  CHANGE("protect", MEMORY_SPLIT) },
	{ "notifier/discard-anonymous", "MADV_DONTNEED is seen at once",
	  CHANGE("discard", MEMORY_ANON) },
	{ "notifier/discard-shared", "of a guest_memfd's mapping it changes nothing",
	  CHANGE("discard", MEMORY_SHARED) },
	{ "notifier/discard-shared-side", "MADV_DONTNEED of private-capable memory",
	  CHANGE("discard", MEMORY_SPLIT) },
	{ "notifier/fork-anonymous", "after fork the guest sees the copies that the parent gets",
	  CHANGE("fork", MEMORY_ANON) },
	{ "notifier/fork-shared-side", "the same of private-capable memory",
	  CHANGE("fork", MEMORY_SPLIT) },
	{ "notifier/migrate-anonymous", "pages that move to another node are seen there",
	  CHANGE("bind", MEMORY_ANON) },
	{ "notifier/migrate-shared-side", "the same of private-capable memory",
	  CHANGE("bind", MEMORY_SPLIT) },
	{ "notifier/page-out-anonymous", "pages that are swapped out come back as they were",
	  CHANGE("page-out", MEMORY_ANON) },
	{ "notifier/page-out-shared-side", "the same of private-capable memory",
	  CHANGE("page-out", MEMORY_SPLIT) },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("gmem_notifier_test", subtests);

	return runner_main(argc, argv, &program);
}
