// SPDX-License-Identifier: GPL-2.0-only
// mutant: truncate-then-zap
// fault: punching frees the pages first and takes the guest's mappings away after that
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, LEAK, NOT_SCRUBBED, KERNEL, WRONG_PAGE
// killed-by: gmem_race_test:race/*/punch*
// killed-by: gmem_race_test:race/*/*+punch
// killed-by: gmem_stress:stress/private
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: until the zap the guest reads and writes pages that are free, or somebody else's.
// Under stress the page is soon another gfn's or another VM's, with tokens of theirs.

@@
expression inode, start, finish;
@@
kvm_gmem_punch_hole(...) {
...
- kvm_gmem_invalidate_start(inode, start, finish);
...
truncate_inode_pages_range(...);
+ kvm_gmem_invalidate_start(inode, start, finish);
...
}
