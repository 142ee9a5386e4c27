// SPDX-License-Identifier: GPL-2.0-only
// mutant: large-askew
// fault: a memslot whose addresses differ modulo 2 MiB may be mapped in large pieces
// expect: ABI
// killed-by: page_size_test:page-size/askew
// file: arch/x86/kvm/x86.c
//
// Not equivalent: the guest finds other pages than the host put there.

@@
expression a, b;
@@
kvm_alloc_memslot_metadata(...)
{
<...
- if ((slot->base_gfn ^ ugfn) & (KVM_PAGES_PER_HPAGE(level) - 1)) {
+ if (false) {
...
}
...>
}
