// SPDX-License-Identifier: GPL-2.0-only
// mutant: gmem-no-sequence
// fault: guest_memfd zaps what it takes away, but does not tell faults under way about it
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, KERNEL, WRONG_PAGE, LEAK
// killed-by: gmem_race_test:race/*/guest-*+punch
// killed-by: gmem_race_test:race/*/guest-*+file-close
// killed-by: gmem_stress:stress/private
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: a fault that has looked its page up before the punch takes mmu_lock after the zap, finds no
// invalidation in progress and the old sequence count, and maps the page that was freed.
// Under stress the page is soon another gfn's or another VM's, with tokens of theirs.

@@
expression kvm, range;
@@
__kvm_gmem_invalidate_start(...) {
<...
(
- kvm_mmu_invalidate_start(kvm);
|
- kvm_mmu_unmap_gfn_range(kvm, range)
+ kvm_unmap_gfn_range(kvm, range)
)
...>
}

@@
expression kvm;
@@
__kvm_gmem_invalidate_end(...) {
<...
- kvm_mmu_invalidate_end(kvm);
+ (void)kvm;
...>
}
