// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-root-check-early
// fault: whether the root is still good is asked before page tables are recycled
// expect: KERNEL, STALE_MAPPING, HANG
// killed-by: gmem_paging_test:paging/*recycled
// file: arch/x86/kvm/mmu/paging_tmpl.h
// param: kvm_amd.npt=0
//
// Not equivalent: the state before "KVM: x86: Check for invalid/obsolete root *after*
// making MMU pages available" (CVE-2026-64561): the root may be one of those that go.

@@
identifier vcpu, fault, r;
@@
  r = make_mmu_pages_available(vcpu);
  if (r)
	goto out_unlock;
- if (is_page_fault_stale(vcpu, fault)) {
-	r = RET_PF_RETRY;
-	goto out_unlock;
- }
