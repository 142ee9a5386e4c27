// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-msr-answer-ignored
// fault: a refused page state change by the MSR is reported as done
// expect: ABI
// killed-by: snp_request_test:snp-request/refused
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
snp_complete_psc_msr(...)
{
<...
- set_ghcb_msr(svm, GHCB_MSR_PSC_RESP_ERROR);
+ set_ghcb_msr(svm, GHCB_MSR_PSC_RESP);
...>
}
