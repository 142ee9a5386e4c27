// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-finish-flags
// fault: KVM_SEV_SNP_LAUNCH_FINISH ignores flags that it does not know
// expect: ABI
// killed-by: snp_launch_test:snp-launch/finish
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
expression params;
@@
snp_launch_finish(...)
{
...
- if (params.flags)
-	return -EINVAL;
...
}
