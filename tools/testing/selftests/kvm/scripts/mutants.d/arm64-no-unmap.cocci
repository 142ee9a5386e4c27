// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-no-unmap
// fault: an invalidation by guest_memfd or an MMU notifier leaves stage 2 as it is
// expect: STALE_MAPPING, WRONG_PAGE
// killed-by: gmem_stale_test:stale/punch-shared-*
// killed-by: gmem_stage2_test:stage2/punch
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: kvm_mmu_unmap_gfn_range() has nothing else that removes translations, and
// truncation knows only about user mappings. A freed page may soon be another one.

@@
expression mmu, start, size, block;
@@
kvm_unmap_gfn_range(...) {
<...
- __unmap_stage2_range(mmu, start, size, block);
+ (void)start;
...>
}
