// SPDX-License-Identifier: GPL-2.0-only
// mutant: emulated-write-unlogged
// fault: what KVM writes to guest memory by its address is not in the dirty log
// expect: LOST_WRITE
// killed-by: dirty_log_test:dirty-log/get
// file: virt/kvm/kvm_main.c
// param: kvm.force_emulation_prefix=1
// level: emulator
//
// Not equivalent: a migration loses the page.

@@
@@
__kvm_write_guest_page(...)
{
<...
- mark_page_dirty_in_slot(...);
...>
}
