// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-root-kept
// fault: the first root of nested page tables stays, whatever VMRUN says
// expect: STALE_MAPPING
// killed-by: nested_test:nested/root
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: L1 changes the root, and L2 finds the pages of the old one.

@@
identifier vcpu, nested_cr3, context;
@@
kvm_init_shadow_npt_mmu(struct kvm_vcpu *vcpu, ..., gpa_t nested_cr3, ...)
{
...
struct kvm_mmu *context = ...;
...
- kvm_mmu_new_pgd(vcpu, nested_cr3);
+ if (!VALID_PAGE(context->root.hpa))
+	kvm_mmu_new_pgd(vcpu, nested_cr3);
}
