// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-reclaimed-not-scrubbed
// fault: a page that is taken back by force is not scrubbed
// expect: LEAK
// killed-by: pkvm_host_test:pkvm-host/reclaim
// file: arch/arm64/kvm/hyp/nvhe/mem_protect.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: the host finds what the guest had.

@@
identifier f =~ "force_reclaim";
@@
f(...)
{
<...
- hyp_poison_page(phys);
+ ;
...>
}
