// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-vmcb-loss-ignored
// fault: an exit to an L1 whose VMCB has gone goes on as if it had been stored
// expect: ABI
// killed-by: nested_vmcb_test:nested-vmcb/deleted
// file: arch/x86/kvm/svm/nested.c

@@
expression vcpu;
@@
nested_svm_vmexit(...)
{
<...
- if (nested_svm_vmexit_update_vmcb12(vcpu))
-	kvm_make_request(KVM_REQ_TRIPLE_FAULT, vcpu);
+ nested_svm_vmexit_update_vmcb12(vcpu);
...>
}
