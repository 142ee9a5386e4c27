// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-populate-assigned
// fault: a page that is assigned already is launched once more
// expect: ABI, KERNEL, CRASH
// killed-by: snp_launch_page_test:snp-launch-page/update
// killed-by: snp_launch_page_test:snp-launch-page/partial
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: contents of the guest are replaced behind its back; the model WARNs.

@@
@@
sev_gmem_post_populate(...)
{
<...
- if (ret || assigned) {
+ if (ret) {
...
}
...>
}
