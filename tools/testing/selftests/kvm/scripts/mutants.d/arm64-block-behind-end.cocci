// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-block-behind-end
// fault: a block may reach beyond the end of its memslot
// expect: ABI
// killed-by: page_size_test:page-size/short
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: the guest gets at what the host has behind the memslot.

@@
expression a, b, c;
@@
fault_supports_stage2_huge_mapping(...)
{
<...
- return a >= b && c <= uaddr_end;
+ return a >= b;
...>
}
