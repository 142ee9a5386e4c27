// SPDX-License-Identifier: GPL-2.0-only
// mutant: notifier-clear-alone
// fault: of what the host does to its page tables, KVM heeds copies on write and swap-outs alone
// expect: LEAK
// killed-by: gmem_notifier_test:notifier/child-anonymous
// file: virt/kvm/kvm_main.c
//
// notifier-no-zap ends in a BUG at the first copy on write of a page of zeros: its read-only mapping is still there.

@@
symbol range, kvm, hva_range;
@@
kvm_mmu_notifier_invalidate_range_start(...) {
<...
- kvm_handle_hva_range(kvm, &hva_range).found_memslot
+ (range->event == MMU_NOTIFY_CLEAR && kvm_handle_hva_range(kvm, &hva_range).found_memslot)
...>
}

@@
symbol range, kvm, hva_range;
@@
kvm_mmu_notifier_invalidate_range_end(...) {
<...
- kvm_handle_hva_range(kvm, &hva_range);
+ if (range->event == MMU_NOTIFY_CLEAR)
+	kvm_handle_hva_range(kvm, &hva_range);
...>
}
