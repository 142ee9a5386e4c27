// SPDX-License-Identifier: GPL-2.0-only
// mutant: large-while-logged
// fault: large pieces are mapped while writes are logged
// expect: LOST_WRITE, ABI, KERNEL
// killed-by: page_size_test:page-size/log
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: one page is logged for 512.

@@
@@
kvm_mmu_hugepage_adjust(...)
{
<...
- if (kvm_slot_dirty_track_enabled(slot))
-	return;
...>
}
