// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-policy-unsupported
// fault: policies that KVM cannot keep are accepted
// expect: ABI
// killed-by: snp_launch_test:snp-launch/policy
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
snp_launch_start(...)
{
<...
- if (params.policy & ~snp_supported_policy_bits)
-	return -EINVAL;
...>
}
