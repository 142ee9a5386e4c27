// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-vmsa-old-tracked
// fault: a vCPU that is given another VMSA still reloads the first one when that page goes
// expect: ABI
// killed-by: snp_ap_test:snp-ap/replaced
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: a guest may free the page of a VMSA that is not in use any more.

@@
expression svm, gpa;
@@
__sev_snp_reload_vmsa(...)
{
<...
(
- WRITE_ONCE(svm->sev_es.snp_guest_vmsa_gpa, INVALID_PAGE);
|
- svm->sev_es.snp_guest_vmsa_gpa = gpa;
+ if (!VALID_PAGE(svm->sev_es.snp_guest_vmsa_gpa))
+ 	svm->sev_es.snp_guest_vmsa_gpa = gpa;
)
...>
}
