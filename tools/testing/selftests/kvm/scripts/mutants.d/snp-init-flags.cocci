// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-init-flags
// fault: KVM_SEV_INIT2 ignores flags that it does not know
// expect: ABI
// killed-by: snp_launch_test:snp-launch/init
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
expression data;
@@
__sev_guest_init(...)
{
...
- if (data->flags)
-	return -EINVAL;
...
}
