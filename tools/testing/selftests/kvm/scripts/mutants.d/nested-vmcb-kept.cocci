// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-vmcb-kept
// fault: KVM keeps L1's VMCB mapped as long as L1 uses the same address
// expect: STALE_MAPPING
// killed-by: nested_vmcb_test:nested-vmcb/replaced-npt
// file: arch/x86/kvm/svm/nested.c

@@
identifier vmcb12, m;
symbol svm;
@@
nested_svm_vmexit_update_vmcb12(...)
{
...
- vmcb12 = m.map.hva;
+ static struct vcpu_svm *user;
+ static void *kept;
+ static u64 at;
+
+ if (user != svm || at != svm->nested.vmcb12_gpa) {
+	user = svm;
+	at = svm->nested.vmcb12_gpa;
+	kept = m.map.hva;
+ }
+ vmcb12 = kept;
...
}
