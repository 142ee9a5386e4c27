// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-fault-ignores-retry
// fault: a guest fault on guest_memfd installs its page although an invalidation ran meanwhile
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE
// killed-by: gmem_stale_test:stale/*
// killed-by: gmem_stress:stress/*
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: nothing else between the look-up of the page and its mapping finds out that
// the page was punched. A race of two threads.

@@
expression kvm, seq;
@@
gmem_abort(...) {
<...
 if (
- mmu_invalidate_retry(kvm, seq)
+ kvm && seq == ~0ul
 ) { ... }
...>
}
