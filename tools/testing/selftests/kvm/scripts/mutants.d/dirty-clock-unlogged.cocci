// SPDX-License-Identifier: GPL-2.0-only
// mutant: dirty-clock-unlogged
// fault: a clock that KVM writes is not in the dirty log
// expect: LOST_WRITE
// killed-by: pfncache_dirty_test:*
// file: arch/x86/kvm/x86.c
//
// Not equivalent: who copies the VM while it runs gets an old clock.

@@
identifier gpc;
@@
kvm_setup_guest_pvclock(...)
{
<...
- kvm_gpc_mark_dirty_in_slot(gpc);
...>
}
