// SPDX-License-Identifier: GPL-2.0-only
// mutant: dirty-steal-unlogged
// fault: the steal time that KVM writes is not in the dirty log
// expect: LOST_WRITE
// killed-by: pfncache_dirty_test:pfncache-dirty/steal-time
// file: arch/x86/kvm/x86.c
//
// Not equivalent: who copies the VM while it runs gets an old steal time.

@@
@@
record_steal_time(...)
{
<...
- mark_page_dirty_in_slot(...);
+ ;
...>
}
