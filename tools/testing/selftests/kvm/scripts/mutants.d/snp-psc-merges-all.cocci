// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-merges-all
// fault: entries that are no neighbours become one exit
// expect: ABI
// killed-by: snp_request_test:snp-request/merge
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: pages between them change hands.

@@
@@
snp_do_psc(...)
{
<...
- entry.gfn != entry_start.gfn + npages
+ false
...>
}
