// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-ghcb-unregistered
// fault: a GHCB need not be registered
// expect: ABI
// killed-by: snp_page_state_test:snp-page-state/msr
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
sev_handle_vmgexit(...)
{
<...
- if (is_sev_snp_guest(vcpu) &&
-    !ghcb_gpa_is_registered(svm, control->ghcb_gpa)) {
+ if (false) {
...
}
...>
}
