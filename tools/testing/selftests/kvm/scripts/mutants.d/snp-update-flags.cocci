// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-update-flags
// fault: flags of a launched page are not looked at
// expect: ABI
// killed-by: snp_launch_page_test:snp-launch-page/update
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
snp_launch_update(...)
{
<...
- params.flags
+ 0
...>
}
