// SPDX-License-Identifier: GPL-2.0-only
// mutant: attr-zap-unsequenced
// fault: attributes change after the zap without telling faults under way
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, KERNEL
// killed-by: gmem_race_test:race/private/guest-*+to-*
// killed-by: gmem_race_test:race/private/to-*+pre-fault
// killed-by: gmem_stress:stress/private
// file: virt/kvm/kvm_main.c
//
// Not equivalent: a fault that comes between the zap and the new attribute sees the old one, finds no
// invalidation, and maps the old copy for good.

@@
@@
kvm_vm_set_mem_attributes(...) {
<...
(
- kvm_mmu_invalidate_start
+ (void *)kvm_null_fn
|
- kvm_mmu_invalidate_end
+ (void *)kvm_null_fn
)
...>
}

@@
expression kvm, start, finish;
@@
kvm_pre_set_memory_attributes(...) {
<...
- kvm_mmu_invalidate_range_add(kvm, start, finish);
...>
}
