// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-old-commands
// fault: commands of SEV are carried out for SNP guests
// expect: ABI, KERNEL
// killed-by: snp_launch_test:snp-launch/order
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
sev_mem_enc_ioctl(...)
{
<...
- if (sev_snp_guest(kvm) && sev_cmd.id < KVM_SEV_SNP_LAUNCH_START)
-	return -EPERM;
...>
}
