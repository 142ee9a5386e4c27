// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-invept-current-only
// fault: INVEPT forgets the tables that are in use, and keeps those of L1's other EPTs
// expect: STALE_MAPPING
// killed-by: nested_test:nested/root-changed
// emulator: bochs
// file: arch/x86/kvm/vmx/nested.c
//
// Not equivalent: L1 gives L2 a root whose tables it has changed meanwhile.

@@
identifier vcpu;
@@
handle_invept(struct kvm_vcpu *vcpu)
{
<...
- roots_to_free |= KVM_MMU_ROOT_PREVIOUS(i);
+ roots_to_free |= 0;
...>
}
