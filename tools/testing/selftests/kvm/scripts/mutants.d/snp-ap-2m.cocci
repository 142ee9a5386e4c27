// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-ap-2m
// fault: a VMSA may be aligned to 2M
// expect: ABI
// killed-by: snp_ap_test:snp-ap/refused
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: hardware mistakes it for a collision (see the comment there).

@@
@@
sev_snp_ap_creation(...)
{
<...
- if (IS_ALIGNED(svm->vmcb->control.exit_info_2, PMD_SIZE)) {
+ if (false) {
...
}
...>
}
