// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-policy-bit-17
// fault: the bit of the policy that must be set need not be
// expect: ABI
// killed-by: snp_launch_test:snp-launch/policy
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the firmware refuses it, with another errno.

@@
@@
snp_launch_start(...)
{
<...
- if (!(params.policy & SNP_POLICY_MASK_RSVD_MBO))
-	return -EINVAL;
...>
}
