// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-no-sync
// fault: a change of the guest's address space does not bring L1's nested tables into step
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/nested-*
// file: arch/x86/kvm/svm/nested.c
//
// Not equivalent: what L2 stored to tables of L1 that are out of step is not seen after VMRUN.

@@
identifier vcpu;
@@
nested_svm_transition_tlb_flush(struct kvm_vcpu *vcpu)
{
...
- kvm_make_request(KVM_REQ_MMU_SYNC, vcpu);
...
}
