// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-scratch-end
// fault: the end of the scratch area is not checked
// expect: ABI, KERNEL
// killed-by: snp_request_test:snp-request/malformed
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: KVM reads and writes beyond the GHCB.

@@
expression a, b;
@@
setup_vmgexit_scratch(...)
{
<...
- if (a < b || scratch_gpa_end > ghcb_scratch_end) {
+ if (a < b) {
...
}
...>
}
