// SPDX-License-Identifier: GPL-2.0-only
// mutant: large-behind-end
// fault: the last, incomplete large page of a memslot may be mapped as one
// expect: PERMISSION, ABI, KERNEL
// killed-by: page_size_test:page-size/short
// file: arch/x86/kvm/x86.c
//
// Not equivalent: the guest reads what lies behind its memslot.

@@
@@
kvm_alloc_memslot_metadata(...)
{
<...
- linfo[lpages - 1].disallow_lpage = 1;
+ ;
...>
}
