// SPDX-License-Identifier: GPL-2.0-only
// mutant: smm-left-late
// fault: at RSM L2 is entered by what system management mode has at the address of L1's VMCB
// expect: ABI, WRONG_PAGE, KERNEL
// killed-by: nested_vmcb_test:nested-vmcb/smi
// file: arch/x86/kvm/smm.c
//
// Not equivalent: the memslots are those of address space 1, until the vCPU has left system management mode.

@@
@@
emulator_leave_smm(...)
{
...
- kvm_smm_changed(vcpu, false);
...
  if (kvm_x86_call(leave_smm)(vcpu, &smram))
	return X86EMUL_UNHANDLEABLE;
+ kvm_smm_changed(vcpu, false);
...
}
