// SPDX-License-Identifier: GPL-2.0-only
// mutant: smm-entered-early
// fault: at an SMI what L1 is to find goes to the memory of system management mode
// expect: ABI, WRONG_PAGE, KERNEL
// killed-by: nested_vmcb_test:nested-vmcb/smi
// file: arch/x86/kvm/smm.c
//
// Not equivalent: the memslots are those of address space 1 already.

@@
@@
enter_smm(...)
{
...
+ kvm_smm_changed(vcpu, true);
  if (kvm_x86_call(enter_smm)(vcpu, &smram))
	goto error;
- kvm_smm_changed(vcpu, true);
...
}
