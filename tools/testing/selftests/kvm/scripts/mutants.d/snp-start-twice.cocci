// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-start-twice
// fault: a guest may get a second context
// expect: ABI, KERNEL
// killed-by: snp_launch_test:snp-launch/order
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the first one is lost.

@@
@@
snp_launch_start(...)
{
<...
- if (sev->snp_context)
-	return -EINVAL;
...>
}
