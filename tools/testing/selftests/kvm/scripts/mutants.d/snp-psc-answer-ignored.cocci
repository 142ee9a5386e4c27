// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-answer-ignored
// fault: a page state change that the host refused is reported as done
// expect: ABI
// killed-by: snp_request_test:snp-request/refused
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
snp_complete_one_psc(...)
{
<...
- if (hypercall_ret) {
+ if (false) {
...
}
...>
}
