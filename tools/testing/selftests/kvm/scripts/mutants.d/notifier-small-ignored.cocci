// SPDX-License-Identifier: GPL-2.0-only
// mutant: notifier-small-ignored
// fault: KVM does not heed host page table entries that go one at a time
// expect: KERNEL
// killed-by: gmem_notifier_test:notifier/unmap-anonymous
// file: virt/kvm/kvm_main.c
//
// KVM's own BUG at the first copy on write of a page of zeros, whose read-only mapping is still there.

@@
symbol range, kvm, hva_range;
@@
kvm_mmu_notifier_invalidate_range_start(...) {
<...
- kvm_handle_hva_range(kvm, &hva_range).found_memslot
+ (range->end - range->start > PAGE_SIZE && kvm_handle_hva_range(kvm, &hva_range).found_memslot)
...>
}

@@
symbol range, kvm, hva_range;
@@
kvm_mmu_notifier_invalidate_range_end(...) {
<...
- kvm_handle_hva_range(kvm, &hva_range);
+ if (range->end - range->start > PAGE_SIZE)
+	kvm_handle_hva_range(kvm, &hva_range);
...>
}
