// SPDX-License-Identifier: GPL-2.0-only
// mutant: sequence-not-raised
// fault: an invalidation that is over leaves no trace in the sequence count
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, KERNEL
// killed-by: gmem_race_test:race/*/guest-*+punch
// killed-by: gmem_race_test:race/*/guest-*+to-*
// killed-by: gmem_race_test:race/anonymous/guest-*+discard
// file: virt/kvm/kvm_main.c
//
// Not equivalent: a fault that has looked its page up before the invalidation began, and takes mmu_lock after
// it has ended, finds none in progress and maps the page that was freed.

@@
expression kvm;
@@
kvm_mmu_invalidate_end(...) {
<...
- kvm->mmu_invalidate_seq++;
...>
}
