// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-vmsa-kept
// fault: a vCPU goes on using its VMSA when the page is punched away
// expect: KERNEL, ACCOUNTING, STALE_MAPPING, HANG, CRASH
// killed-by: snp_vmsa_test:snp-vmsa/punched-running
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the CPU writes registers into a page of somebody else.

@@
@@
sev_gmem_invalidate_range(...)
{
<...
- kvm_make_request_and_kick(KVM_REQ_VMSA_PAGE_RELOAD, vcpu);
+ ;
...>
}
