// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-unmap-short
// fault: an invalidation of more than one page leaves the last page mapped
// expect: STALE_MAPPING, WRONG_PAGE
// killed-by: gmem_stale_test:stale/punch-shared-*
// killed-by: gmem_stage2_test:stage2/punch
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: as arm64-no-unmap, for that page. Freed, it may soon be another one.

@@
expression mmu, start, size, block;
@@
kvm_unmap_gfn_range(...) {
<...
- __unmap_stage2_range(mmu, start, size, block);
+ __unmap_stage2_range(mmu, start, (size) == PAGE_SIZE ? PAGE_SIZE : (size) - PAGE_SIZE, block);
...>
}
