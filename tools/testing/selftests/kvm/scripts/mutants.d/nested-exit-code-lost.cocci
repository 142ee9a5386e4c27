// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-exit-code-lost
// fault: an exit from L2 does not tell L1 why
// expect: ABI
// killed-by: nested_test:nested/boot
// file: arch/x86/kvm/svm/nested.c

@@
identifier vmcb12, vmcb02;
@@
nested_svm_vmexit_update_vmcb12(...)
{
<...
- vmcb12->control.exit_code = vmcb02->control.exit_code;
...>
}
