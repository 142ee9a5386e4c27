// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-ap-features
// fault: a vCPU may be created with other features than the VM has
// expect: ABI
// killed-by: snp_ap_test:snp-ap/refused
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
expression a;
@@
sev_snp_ap_creation(...)
{
<...
- if (a != sev->vmsa_features) {
+ if (false) {
...
}
...>
}
