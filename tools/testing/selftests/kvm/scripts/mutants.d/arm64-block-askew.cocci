// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-block-askew
// fault: blocks are used where guest and host addresses differ below 2 MiB
// expect: WRONG_PAGE, ABI, LOST_WRITE
// killed-by: page_size_test:page-size/askew
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: the guest finds other pages than the memslot says.

@@
expression a, b;
@@
fault_supports_stage2_huge_mapping(...)
{
<...
- if (a != b)
+ if (a != a)
 {
 ...
 }
...>
}
