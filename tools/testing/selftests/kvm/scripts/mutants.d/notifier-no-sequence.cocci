// SPDX-License-Identifier: GPL-2.0-only
// mutant: notifier-no-sequence
// fault: the MMU notifier zaps what the host unmaps, but does not tell faults under way about it
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, KERNEL
// killed-by: gmem_race_test:race/anonymous/guest-*+discard
// killed-by: gmem_race_test:race/anonymous/guest-*+unmap
// killed-by: gmem_race_test:race/anonymous/guest-*+fork
// file: virt/kvm/kvm_main.c
//
// Not equivalent: a fault that looked its page up before takes mmu_lock after the zap and maps what the host
// has given to somebody else.

@@
@@
kvm_mmu_notifier_invalidate_range_start(...) {
<...
(
- kvm_mmu_invalidate_start
+ (void *)kvm_null_fn
|
- kvm_mmu_unmap_gfn_range
+ kvm_unmap_gfn_range
)
...>
}

@@
expression kvm;
@@
kvm_mmu_notifier_invalidate_range_end(...) {
<...
- kvm_handle_hva_range(kvm, &hva_range);
+ (void)hva_range;
...>
}
