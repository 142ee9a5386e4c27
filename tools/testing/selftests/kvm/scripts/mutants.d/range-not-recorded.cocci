// SPDX-License-Identifier: GPL-2.0-only
// mutant: range-not-recorded
// fault: an invalidation in progress does not say which pages it concerns
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, KERNEL, WRONG_PAGE
// killed-by: gmem_race_test:race/*/guest-*+punch
// killed-by: gmem_race_test:race/*/guest-*+to-*
// killed-by: gmem_race_test:race/anonymous/guest-*+discard
// killed-by: gmem_race_test:race/anonymous/guest-*+unmap
// killed-by: gmem_stress:stress/private
// file: virt/kvm/kvm_main.c
//
// Not equivalent: the sequence count is raised at the end only; a fault that begins and ends between the zap
// and the end of the invalidation maps a page that is about to be freed. The recorded range is empty, not
// absent, so that no assertion of KVM's own fires.
// Under stress the page is soon another gfn's, with tokens of its own.

@@
expression kvm;
identifier start, finish;
@@
kvm_mmu_invalidate_range_add(...) {
<...
kvm->mmu_invalidate_range_start = start;
- kvm->mmu_invalidate_range_end = finish;
+ kvm->mmu_invalidate_range_end = start;
...>
}
