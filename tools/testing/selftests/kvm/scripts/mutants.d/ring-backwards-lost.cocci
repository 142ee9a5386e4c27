// SPDX-License-Identifier: GPL-2.0-only
// mutant: ring-backwards-lost
// fault: a page before the others of a batch takes their place
// expect: LOST_WRITE
// killed-by: dirty_ring_test:dirty-ring/backwards
// file: virt/kvm/dirty_ring.c
//
// Not equivalent: the pages that were gathered before it stay writable.

@@
identifier mask, delta;
@@
- mask = (mask << -delta) | 1;
+ mask = 1;
