// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-block-while-logged
// fault: memory that is logged is mapped by blocks
// expect: LOST_WRITE
// killed-by: page_size_test:page-size/log
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: of what is written through a block, one page is in the log.

@@
expression slot;
@@
kvm_s2_resolve_vma_size(...)
{
<...
- if (memslot_is_logging(slot))
+ if (!slot)
 {
 ...
 }
 else
 {
 ...
 }
...>
}
