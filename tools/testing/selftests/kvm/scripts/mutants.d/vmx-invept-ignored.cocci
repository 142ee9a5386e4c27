// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-invept-ignored
// fault: INVEPT leaves KVM's shadow of L1's EPT as it is
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/nested-guest
// emulator: bochs
// file: arch/x86/kvm/vmx/nested.c
//
// Not equivalent: what L2 stored to tables of L1 that are out of step is not seen after INVEPT.

@@
identifier vcpu;
@@
handle_invept(struct kvm_vcpu *vcpu)
{
...
- if (roots_to_free)
-	kvm_mmu_free_roots(...);
...
}
