// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-populate-unaligned
// fault: the source of a launched page need not be aligned
// expect: ABI, KERNEL
// killed-by: snp_launch_test:snp-launch/update
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: kvm_gmem_populate() WARNs.

@@
@@
snp_launch_update(...)
{
<...
- PAGE_ALIGNED(params.uaddr)
+ (params.uaddr != 0)
...>
}
