// SPDX-License-Identifier: GPL-2.0-only
// mutant: dirty-log-on-late
// fault: pages stay writable when logging is turned on
// expect: LOST_WRITE
// killed-by: dirty_log_test:dirty-log/toggled
// file: arch/x86/kvm/x86.c
//
// Not equivalent: stores to pages that were mapped before are not logged until they are harvested once.

@@
expression kvm, new;
@@
- kvm_mmu_slot_remove_write_access(kvm, new, PG_LEVEL_4K);
+ (void)new;
