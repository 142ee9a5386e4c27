// SPDX-License-Identifier: GPL-2.0-only
// mutant: attr-store-then-zap
// fault: attributes are stored first, then the old mappings go, without telling faults under way
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, KERNEL
// killed-by: gmem_race_test:race/private/guest-*+to-*
// killed-by: gmem_race_test:race/private/to-*+pre-fault
// file: virt/kvm/kvm_main.c
//
// Not equivalent: a fault that read the old attribute maps the old copy after the zap. (With the sequence
// kept, the order alone would only matter to huge mappings.)

@@
expression kvm;
iterator name xa_for_each;
@@
kvm_vm_set_mem_attributes(...) {
...
- kvm_handle_gfn_range(kvm, &pre_set_range);
...
+ kvm_handle_gfn_range(kvm, &pre_set_range);
kvm_handle_gfn_range(kvm, &post_set_range);
...
}

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
