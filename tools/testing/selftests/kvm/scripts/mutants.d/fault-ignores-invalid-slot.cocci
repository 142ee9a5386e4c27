// SPDX-License-Identifier: GPL-2.0-only
// mutant: fault-ignores-invalid-slot
// fault: a fault goes on with a memslot that is being deleted
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, ABI, KERNEL
// killed-by: gmem_race_test:race/private/guest-*+slot-delete
// killed-by: gmem_race_test:race/private/pre-fault+slot-delete
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: once the mappings of the memslot have been zapped nothing will zap those that come after.
// (In VMs of the default type deletion makes the roots obsolete, which the fault notices.)

@@
expression slot, fault;
@@
kvm_mmu_faultin_pfn(...) {
<...
- if (slot->flags & KVM_MEMSLOT_INVALID) { ... }
...>
}
