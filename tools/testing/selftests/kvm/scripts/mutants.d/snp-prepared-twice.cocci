// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-prepared-twice
// fault: a page that is the guest's already is assigned to it once more
// expect: KERNEL, HANG
// killed-by: snp_page_state_test:snp-page-state/*
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the guest finds its page not validated, and may take that for an attack; the model WARNs.

@@
@@
sev_gmem_make_private(...)
{
<...
- if (assigned) {
+ if (false) {
...
}
...>
}
