// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-write-unseen
// fault: a store of L2's to L1's nested page tables is not seen
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/nested-*
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: an upper entry stays as it was when KVM followed it.

@@
identifier vcpu, gpa;
@@
kvm_mmu_track_write(struct kvm_vcpu *vcpu, gpa_t gpa, ...)
{
...
- if (!vcpu->kvm->arch.indirect_shadow_pages)
+ if (gpa)
	return;
...
}
