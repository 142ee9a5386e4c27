// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-share-twice
// fault: a page that is shared is shared once more
// expect: ABI, KERNEL, HANG
// killed-by: pkvm_share_test:pkvm-share/arguments
// file: arch/arm64/kvm/hyp/nvhe/mem_protect.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: guests count on being told.

@@
@@
__pkvm_guest_share_host(...)
{
<...
- if (pkvm_getstate(kvm_pgtable_stage2_pte_prot(pte)) != PKVM_PAGE_OWNED)
-	goto unlock;
- if (__host_check_page_state_range(phys, PAGE_SIZE, PKVM_NOPAGE))
-	goto unlock;
...>
}
