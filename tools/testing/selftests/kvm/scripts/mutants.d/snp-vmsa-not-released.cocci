// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-vmsa-not-released
// fault: the page that KVM made for registers stays assigned when the vCPU goes
// expect: ACCOUNTING, KERNEL, CRASH, HANG
// killed-by: snp_launch_test:snp-launch/*
// killed-by: snp_ap_test:snp-ap/*
// killed-by: snp_page_state_test:snp-page-state/*
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the page goes back to the allocator.

@@
expression a, b;
@@
sev_free_vcpu(...)
{
<...
- if (kvm_rmp_make_shared(a, b, PG_LEVEL_4K))
+ if ((void)b, 0)
	goto skip_vmsa_free;
...>
}
