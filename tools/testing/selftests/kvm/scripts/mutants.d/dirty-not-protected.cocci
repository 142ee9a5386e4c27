// SPDX-License-Identifier: GPL-2.0-only
// mutant: dirty-not-protected
// fault: a page whose bit is cleared stays writable
// expect: LOST_WRITE
// killed-by: dirty_log_test:dirty-log/*
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: the next store to it does not fault, and is not logged.

@@
expression kvm, slot, offset, mask;
@@
kvm_arch_mmu_enable_log_dirty_pt_masked(...)
{
<...
- kvm_mmu_write_protect_pt_masked(kvm, slot, offset, mask);
+ (void)offset;
...>
}
