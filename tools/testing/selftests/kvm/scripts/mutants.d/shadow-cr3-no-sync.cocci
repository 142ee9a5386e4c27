// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-cr3-no-sync
// fault: loading CR3 does not bring tables into step
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: what the guest stored to them before is not seen.

@@
identifier vcpu;
@@
kvm_mmu_sync_roots(struct kvm_vcpu *vcpu)
{
...
- if (vcpu->arch.mmu->root_role.direct)
-	return;
+ if (vcpu)
+	return;
...
}
