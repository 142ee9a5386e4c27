// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-cpuid-read-only
// fault: the source of CPUID values is written to without asking for that
// expect: PERMISSION, KERNEL
// killed-by: snp_launch_page_test:snp-launch-page/read-only
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: what is mapped read-only changes.

@@
@@
snp_launch_update(...)
{
<...
  count = kvm_gmem_populate(kvm, params.gfn_start, src, npages,
-				  params.type == KVM_SEV_SNP_PAGE_TYPE_CPUID,
+				  false,
  ...);
...>
}
