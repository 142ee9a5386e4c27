// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-ept-no-marks
// fault: KVM does not mark entries of L1's EPT as accessed and dirty
// expect: ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/nested-guest
// emulator: bochs
// file: arch/x86/kvm/vmx/nested.c
//
// Not equivalent: L1 asked for the marks by bit 6 of the EPT pointer.

@@
identifier vcpu;
@@
nested_ept_new_eptp(struct kvm_vcpu *vcpu)
{
...
kvm_init_shadow_ept_mmu(vcpu, ...,
-	nested_ept_ad_enabled(vcpu)
+	false
	, ...);
}
