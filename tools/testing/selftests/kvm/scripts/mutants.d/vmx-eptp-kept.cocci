// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-eptp-kept
// fault: the first EPT pointer stays, whatever L1 enters L2 with
// expect: STALE_MAPPING
// killed-by: nested_test:nested/root
// emulator: bochs
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: L1 changes the root, and L2 finds the pages of the old one.

@@
identifier vcpu, new_eptp, context;
@@
kvm_init_shadow_ept_mmu(struct kvm_vcpu *vcpu, ..., gpa_t new_eptp)
{
...
struct kvm_mmu *context = ...;
...
- kvm_mmu_new_pgd(vcpu, new_eptp);
+ if (!VALID_PAGE(context->root.hpa))
+	kvm_mmu_new_pgd(vcpu, new_eptp);
}
