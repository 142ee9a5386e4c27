// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-psc-unaligned
// fault: 2M that are not aligned are accepted
// expect: ABI
// killed-by: snp_request_test:snp-request/bad-entries
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
snp_do_psc(...)
{
<...
- if (entry_start.cur_page > npages || !IS_ALIGNED(gfn, npages)) {
+ if (entry_start.cur_page > npages) {
...
}
...>
}
