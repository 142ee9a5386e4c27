// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-overwrite-warns
// fault: an entry that the host changed is a WARN
// expect: KERNEL
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: the state before "KVM: x86/mmu: Only WARN in direct MMUs when overwriting
// shadow-present SPTE" (CVE-2026-23402).

@@
identifier vcpu;
@@
mmu_set_spte(struct kvm_vcpu *vcpu, ...)
{
<...
- WARN_ON_ONCE(vcpu->arch.mmu->root_role.direct);
+ WARN_ON_ONCE(1);
...>
}
