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
	const char *side;	/* of race_sides() */
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
	{ "notifier/reported", "KVM reports KVM_CAP_SYNC_MMU on /dev/kvm and on a VM",
	  run_reported },
	{ "notifier/unmap-anonymous", "munmap of anonymous memory is seen at once",
	  CHANGE("unmap", MEMORY_ANON) },
	{ "notifier/unmap-shared", "munmap of a guest_memfd's mapping is seen at once",
	  CHANGE("unmap", MEMORY_SHARED) },
	{ "notifier/unmap-shared-side", "munmap of the shared copy is seen at once",
	  CHANGE("unmap", MEMORY_SPLIT) },
	{ "notifier/protect-anonymous", "mprotect of anonymous memory is seen at once",
	  CHANGE("protect", MEMORY_ANON) },
	{ "notifier/protect-shared-side", "mprotect of the shared copy is seen at once",
	  CHANGE("protect", MEMORY_SPLIT) },
	{ "notifier/discard-anonymous", "MADV_DONTNEED of anonymous memory is seen at once",
	  CHANGE("discard", MEMORY_ANON) },
	{ "notifier/discard-shared", "MADV_DONTNEED of a guest_memfd's mapping changes nothing",
	  CHANGE("discard", MEMORY_SHARED) },
	{ "notifier/discard-shared-side", "MADV_DONTNEED of the shared copy is seen at once",
	  CHANGE("discard", MEMORY_SPLIT) },
	{ "notifier/fork-anonymous", "after fork the guest sees the copies that the parent gets",
	  CHANGE("fork", MEMORY_ANON) },
	{ "notifier/fork-shared-side",
	  "after fork the guest sees the copies of shared pages that the parent gets",
	  CHANGE("fork", MEMORY_SPLIT) },
	{ "notifier/migrate-anonymous", "pages that move to another node are seen there",
	  CHANGE("bind", MEMORY_ANON) },
	{ "notifier/migrate-shared-side",
	  "shared pages that move to another node are seen there",
	  CHANGE("bind", MEMORY_SPLIT) },
	{ "notifier/remap-anonymous", "mmap over anonymous memory is seen at once",
	  CHANGE("remap", MEMORY_ANON) },
	{ "notifier/remap-shared", "mmap over a guest_memfd's mapping of the same pages changes nothing",
	  CHANGE("remap", MEMORY_SHARED) },
	{ "notifier/remap-shared-side", "mmap over the shared copy is seen at once",
	  CHANGE("remap", MEMORY_SPLIT) },
	{ "notifier/unmap-sealed", "munmap of a sealed file's mapping takes nothing from the guest",
	  CHANGE("unmap", MEMORY_SEALED) },
	{ "notifier/discard-sealed", "MADV_DONTNEED of a sealed file's mapping takes nothing from the guest",
	  CHANGE("discard", MEMORY_SEALED) },
	{ "notifier/migrate-shared", "a guest_memfd's pages are seen where mbind moves them",
	  CHANGE("bind", MEMORY_SHARED) },
	{ "notifier/page-out-anonymous", "pages that are swapped out come back as they were",
	  CHANGE("page-out", MEMORY_ANON) },
	{ "notifier/page-out-shared-side",
	  "shared pages that are swapped out come back as they were",
	  CHANGE("page-out", MEMORY_SPLIT) },
};

TEST_PROGRAM("gmem_notifier_test", subtests)
