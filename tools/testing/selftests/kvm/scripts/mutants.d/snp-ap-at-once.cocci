// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-ap-at-once
// fault: a vCPU whose creation waits for INIT is created at once
// expect: ABI
// killed-by: snp_ap_test:snp-ap/on-init
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
sev_snp_ap_creation(...)
{
<...
- if (request != SVM_VMGEXIT_AP_CREATE_ON_INIT)
	kvm_make_request_and_kick(...);
...>
}
