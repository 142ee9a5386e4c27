// SPDX-License-Identifier: GPL-2.0-only
// mutant: paging-pdptrs-kept
// fault: loading CR3 keeps the roots of entries of the PAE root that have changed
// expect: STALE_MAPPING
// killed-by: paging_mode_test:paging-mode/pae-upper, paging_mode_test:paging-mode/pae-recycled
// file: arch/x86/kvm/regs.c
// param: kvm_amd.npt=0
//
// Not equivalent: an entry of the root is changed without CR3 getting another value.

@@
identifier vcpu;
@@
load_pdptrs(struct kvm_vcpu *vcpu, ...)
{
<...
- kvm_mmu_free_roots(...);
+ (void)vcpu;
...>
}
