// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-vcpu-first
// fault: a VM that has vCPUs may become an SNP guest
// expect: ABI
// killed-by: snp_launch_test:snp-launch/vcpu-first
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
expression kvm;
@@
__sev_guest_init(...)
{
...
- if (kvm->created_vcpus)
-	return -EINVAL;
...
}
