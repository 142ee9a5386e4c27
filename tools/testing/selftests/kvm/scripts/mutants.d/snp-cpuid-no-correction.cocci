// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-cpuid-no-correction
// fault: the corrected table of CPUID values is not given back
// expect: ABI
// killed-by: snp_launch_page_test:snp-launch-page/cpuid
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
expression from, to;
@@
sev_gmem_post_populate(...)
{
<...
  if (<+... snp_page_reclaim(...) ...+>) {
	...
-	memcpy(from, to, PAGE_SIZE);
+	(void)from;
+	(void)to;
	...
  }
...>
}
