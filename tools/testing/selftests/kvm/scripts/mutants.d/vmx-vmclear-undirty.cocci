// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-vmclear-undirty
// fault: what VMCLEAR stores is not in the dirty log
// expect: LOST_WRITE
// killed-by: nested_vmcb_test:nested-vmcb/save-dirty
// emulator: bochs
// file: arch/x86/kvm/vmx/nested.c
//
// Not equivalent: KVM writes to guest memory for L1, and a copy of the VM lacks it.

@@
identifier vcpu;
expression gpa, value, size;
@@
handle_vmclear(struct kvm_vcpu *vcpu)
{
<...
- kvm_vcpu_write_guest(vcpu, gpa, value, size)
+ __copy_to_user((void *)kvm_vcpu_gfn_to_hva(vcpu, gpa_to_gfn(gpa)) + offset_in_page(gpa), value, size)
...>
}
