// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-state-vmcb-lost
// fault: a restored L2 has no VMCB to exit to
// expect: ABI
// killed-by: nested_test:nested/state
// file: arch/x86/kvm/svm/nested.c

@@
identifier svm, kvm_state;
@@
svm_set_nested_state(...)
{
<...
- svm->nested.vmcb12_gpa = kvm_state->hdr.svm.vmcb_pa;
...>
}
