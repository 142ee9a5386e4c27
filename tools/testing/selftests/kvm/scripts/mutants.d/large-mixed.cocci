// SPDX-License-Identifier: GPL-2.0-only
// mutant: large-mixed
// fault: a large page of which one small page is private may be mapped as one
// expect: ABI
// killed-by: page_size_test:page-size/attribute
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: the private page is the shared one.

@@
@@
hugepage_set_mixed(...)
{
<...
- KVM_LPAGE_MIXED_FLAG
+ 0
...>
}
