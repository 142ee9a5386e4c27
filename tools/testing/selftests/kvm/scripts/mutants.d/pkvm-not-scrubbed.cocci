// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-not-scrubbed
// fault: pages of a protected guest that is gone are not scrubbed
// expect: LEAK
// killed-by: pkvm_host_test:pkvm-host/exit
// file: arch/arm64/kvm/hyp/nvhe/mem_protect.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: the host finds what the guest had.

@@
@@
__pkvm_host_reclaim_page_guest(...)
{
<...
- hyp_poison_page(phys);
+ ;
...>
}
