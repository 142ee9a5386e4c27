// SPDX-License-Identifier: GPL-2.0-only
// mutant: dirty-fast-fault
// fault: a store that is let through without a lock is not logged
// expect: LOST_WRITE
// killed-by: dirty_log_test:dirty-log/*
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: fast_page_fault() makes pages writable again that were protected for the log.

@@
expression kvm, slot, gfn;
identifier fast =~ "fast_pf_fix_direct_spte";
@@
fast(...)
{
<...
- mark_page_dirty_in_slot(kvm, slot, gfn);
+ (void)gfn;
...>
}
