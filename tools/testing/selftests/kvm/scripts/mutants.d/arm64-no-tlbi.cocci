// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-no-tlbi
// fault: stage 2 is unmapped without invalidating the TLBs
// expect: STALE_MAPPING, WRONG_PAGE, LOST_DATA, LOST_WRITE
// killed-by: gmem_stale_test:stale/punch-shared-*
// killed-by: gmem_exec_test:exec/loop
// file: arch/arm64/kvm/hyp/pgtable.c
//
// Not equivalent: kvm_unmap_gfn_range() returns false, so that guest_memfd does not flush
// either. With FEAT_TLBIRANGE the invalidation of leaves is put off to the end of the walk,
// without it is done entry by entry; both go, and that of tables.

@@
expression mmu, addr, size;
@@
kvm_pgtable_stage2_unmap(...) {
<...
- kvm_tlb_flush_vmid_range(mmu, addr, size);
+ (void)addr;
...>
}

@@
expression mmu, addr, level;
@@
stage2_unmap_put_pte(...) {
<...
- kvm_call_hyp(__kvm_tlb_flush_vmid_ipa, mmu, addr, level);
+ (void)mmu;
...>
}
