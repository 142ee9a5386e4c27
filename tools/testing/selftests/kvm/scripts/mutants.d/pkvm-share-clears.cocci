// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-share-clears
// fault: a page that a protected guest shares loses its contents
// expect: ABI, LOST_WRITE
// killed-by: pkvm_share_test:pkvm-share/round-trip, pkvm_share_test:pkvm-share/touched
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
// file: arch/arm64/kvm/hyp/nvhe/mem_protect.c
//
// Not equivalent: the guest shares what it has written, and finds zeros.

@@
@@
__pkvm_guest_share_host(...)
{
<...
  WARN_ON(kvm_pgtable_stage2_map(...));
+ memset(hyp_fixmap_map(phys), 0, PAGE_SIZE);
+ hyp_fixmap_unmap();
...>
}
