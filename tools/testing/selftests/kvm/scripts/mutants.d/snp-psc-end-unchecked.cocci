// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-end-unchecked
// fault: the end of a request may lie behind the buffer
// expect: ABI, KERNEL, HANG
// killed-by: snp_request_test:snp-request/bad-entries
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: KVM reads and writes beyond the page.

@@
@@
snp_begin_psc(...)
{
<...
- if (sev_es->psc.end_idx >= max_nr_entries) {
+ if (false) {
...
}
...>
}
