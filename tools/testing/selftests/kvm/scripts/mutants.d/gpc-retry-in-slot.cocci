// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-retry-in-slot
// fault: a refresh of a pfncache notices an invalidation beside it only if that is of a memslot's memory
// expect: STALE_MAPPING, LOST_WRITE
// killed-by: pfncache_race_test:pfncache/remap-outside
// killed-by: pfncache_race_test:pfncache/unmap-outside
// file: virt/kvm/kvm_main.c
//
// Not equivalent: a cache by host address whose page is in no memslot becomes valid although its page
// was taken away meanwhile.  So it was before "KVM: pfncache: use a dedicated invalidation sequence for
// cache refresh".

@@
expression kvm, r;
identifier wake;
@@
kvm_mmu_notifier_invalidate_range_end(...) {
...
  bool wake;
+ bool found;
...
- kvm_handle_hva_range(kvm, r);
+ found = kvm_handle_hva_range(kvm, r).found_memslot;
...
- kvm->gpc_invalidate_seq++;
+ kvm->gpc_invalidate_seq += found;
...
}
