// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-bitmap-kept
// fault: what L1's bitmap of MSRs says is what it said at the first entry to L2
// expect: STALE_MAPPING
// killed-by: nested_bitmap_test:nested-bitmap/changed
// file: arch/x86/kvm/svm/nested.c
//
// Not equivalent: the bitmap in L1's memory changes between two entries.

@@
identifier vcpu, svm;
@@
nested_svm_merge_msrpm(struct kvm_vcpu *vcpu)
{
...
struct vcpu_svm *svm = to_svm(vcpu);
...
+ if (!svm->nested.force_msr_bitmap_recalc) {
+	svm->vmcb->control.msrpm_base_pa = __sme_set(__pa(svm->nested.msrpm));
+	return true;
+ }
if (!(vmcb12_is_intercept(...))) return true;
...
}
