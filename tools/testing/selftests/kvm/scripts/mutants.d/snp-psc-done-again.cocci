// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-done-again
// fault: pages of 2M that are done are changed once more
// expect: ABI
// killed-by: snp_request_test:snp-request/bad-entries
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the wrong page changes hands.

@@
@@
snp_do_psc(...)
{
<...
- gfn += entry_start.cur_page;
+ ;
...>
}
