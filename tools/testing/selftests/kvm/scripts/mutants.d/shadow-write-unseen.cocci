// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-write-unseen
// fault: a store of the guest to a table that is followed changes nothing
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: the table is write-protected, so that KVM carries the store out and nobody else
// sees it.

@@
identifier vcpu;
@@
kvm_mmu_track_write(struct kvm_vcpu *vcpu, ...)
{
...
- if (!vcpu->kvm->arch.indirect_shadow_pages)
-	return;
+ if (!vcpu->kvm->arch.indirect_shadow_pages || vcpu)
+	return;
...
}
