// SPDX-License-Identifier: GPL-2.0-only
// mutant: smm-vmcb-loss-ignored
// fault: RSM to an L2 does not ask whether its VMCB is still there
// expect: KERNEL, CRASH
// killed-by: nested_vmcb_test:nested-vmcb/smi-deleted
// file: arch/x86/kvm/svm/svm.c
//
// Not equivalent: KVM reads what it has not mapped.

@@
@@
svm_leave_smm(...)
{
<...
- if (m.ret)
-	return 1;
...>
}
