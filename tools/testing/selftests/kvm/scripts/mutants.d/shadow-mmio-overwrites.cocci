// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-mmio-overwrites
// fault: an entry for a hole is written over a live one
// expect: KERNEL, STALE_MAPPING
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: the state before "KVM: x86/mmu: Drop/zap existing present SPTE even
// when creating an MMIO SPTE" (CVE-2026-23401): the page keeps a pointer to an entry that is not
// its own any more.

@@
identifier vcpu, slot, sptep, access, gfn, pfn, fault, sp;
@@
mmu_set_spte(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, u64 *sptep,
	     unsigned int access, gfn_t gfn, kvm_pfn_t pfn, struct kvm_page_fault *fault)
{
	...
	bool write_fault = fault && fault->write;
+	if (unlikely(is_noslot_pfn(pfn))) {
+		mark_mmio_spte(vcpu, sptep, gfn, access);
+		return RET_PF_EMULATE;
+	}
	...
}
