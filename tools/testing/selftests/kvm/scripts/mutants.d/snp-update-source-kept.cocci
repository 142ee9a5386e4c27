// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-update-source-kept
// fault: the source is not advanced after part of a launch
// expect: ABI
// killed-by: snp_launch_page_test:snp-launch-page/partial
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the next call launches the wrong contents.

@@
@@
snp_launch_update(...)
{
<...
- params.uaddr += count * PAGE_SIZE;
+ ;
...>
}
