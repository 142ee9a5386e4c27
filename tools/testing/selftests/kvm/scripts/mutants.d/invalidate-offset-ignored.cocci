// SPDX-License-Identifier: GPL-2.0-only
// mutant: invalidate-offset-ignored
// fault: invalidation computes the gfns to zap as if every slot were bound at offset zero
// expect: NOT_SCRUBBED
// killed-by: gmem_content_test:content/file-offsets
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: for a slot at a non-zero offset other gfns than the punched ones are zapped (which only
// costs a fault), and those of the freed pages stay. Slots at offset zero are served right.

@@
identifier start =~ "^(__)?kvm_gmem_invalidate_(start|begin)$";
identifier slot, pgoff;
@@
start(...) {
<...
pgoff_t pgoff =
- slot->gmem.pgoff
+ 0
 ;
...>
}
