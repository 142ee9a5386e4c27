// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-rmp-not-released
// fault: pages of a guest_memfd stay assigned when they are freed
// expect: ACCOUNTING, KERNEL, HANG, CRASH
// killed-by: snp_launch_page_test:snp-launch-page/*
// killed-by: snp_launch_test:snp-launch/*
// killed-by: snp_page_state_test:snp-page-state/*
// killed-by: snp_ap_test:snp-ap/*
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the next user of the page is not its owner.

@@
@@
sev_gmem_make_shared(...)
{
<...
- rmp_make_shared(...)
+ 0
...>
}
