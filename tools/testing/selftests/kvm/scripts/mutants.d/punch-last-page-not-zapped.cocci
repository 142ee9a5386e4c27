// SPDX-License-Identifier: GPL-2.0-only
// mutant: punch-last-page-not-zapped
// fault: the zap of a guest_memfd range stops one page short; a range of one page is zapped whole
// expect: STALE_MAPPING
// killed-by: gmem_stale_test:stale/*punch*
// killed-by: gmem_stale_slot_test:stale/close-*
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: the last page of the range is freed, and its SPTE stays. Nothing zaps it later, the
// huge page case (where zapping a neighbour would take it along) does not exist for guest_memfd yet.

@@
identifier invalidate =~ "^(__)?kvm_gmem_invalidate_(start|begin)$";
identifier range;
expression kvm, flush;
@@
invalidate(...) {
<...
+ if (range.end - range.start > 1)
+	range.end--;
flush |= kvm_mmu_unmap_gfn_range(kvm, &range);
...>
}
