// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-ghcb-usage
// fault: the usage of a GHCB is not looked at
// expect: ABI
// killed-by: snp_request_test:snp-request/malformed
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
sev_handle_vmgexit(...)
{
<...
- if (svm->sev_es.ghcb->ghcb_usage) {
+ if (false) {
...
}
...>
}
