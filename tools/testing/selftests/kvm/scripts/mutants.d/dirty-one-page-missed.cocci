// SPDX-License-Identifier: GPL-2.0-only
// mutant: dirty-one-page-missed
// fault: of the pages whose bits are cleared the first one stays writable
// expect: LOST_WRITE
// killed-by: dirty_log_test:dirty-log/*
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: stores to that one are not logged. A word of the bitmap is one call.

@@
expression kvm, slot, offset;
identifier mask;
@@
kvm_arch_mmu_enable_log_dirty_pt_masked(...)
{
<...
- kvm_mmu_write_protect_pt_masked(kvm, slot, offset, mask);
+ kvm_mmu_write_protect_pt_masked(kvm, slot, offset, mask & (mask - 1));
...>
}
