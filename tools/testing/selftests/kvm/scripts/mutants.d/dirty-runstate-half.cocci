// SPDX-License-Identifier: GPL-2.0-only
// mutant: dirty-runstate-half
// fault: of a runstate that crosses a page, the second is not in the dirty log
// expect: LOST_WRITE
// killed-by: pfncache_dirty_test:pfncache-dirty/crossing
// file: arch/x86/kvm/xen.c
//
// Not equivalent: who copies the VM while it runs gets half of an old runstate.

@@
@@
- kvm_gpc_mark_dirty_in_slot(gpc2);
+ (void)gpc2;
