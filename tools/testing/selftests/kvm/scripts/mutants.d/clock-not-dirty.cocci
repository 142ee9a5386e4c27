// SPDX-License-Identifier: GPL-2.0-only
// mutant: clock-not-dirty
// fault: KVM does not tell the dirty log that it has written a clock
// expect: LOST_WRITE
// killed-by: pfncache_api_test:pfncache/dirty
// killed-by: pfncache_dirty_test:pfncache-dirty/*
// file: arch/x86/kvm/x86.c
//
// Not equivalent: whoever migrates the guest leaves the page out.

@@
expression gpc;
@@
kvm_setup_guest_pvclock(...) {
<...
- kvm_gpc_mark_dirty_in_slot(gpc);
...>
}
