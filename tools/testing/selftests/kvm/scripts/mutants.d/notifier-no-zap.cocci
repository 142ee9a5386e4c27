// SPDX-License-Identifier: GPL-2.0-only
// mutant: notifier-no-zap
// fault: the MMU notifier leaves the guest's mappings of what the host unmaps in place
// expect: STALE_MAPPING
// killed-by: gmem_notifier_test:notifier/unmap-anonymous, nested_test:nested/state-race
// file: virt/kvm/kvm_main.c
//
// Not equivalent: the guest goes on using a page that the host has given to somebody else, or has replaced by
// a copy.

@@
@@
kvm_mmu_notifier_invalidate_range_start(...) {
<...
- kvm_handle_hva_range(kvm, &hva_range).found_memslot
+ ((void)&hva_range, false)
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
