// SPDX-License-Identifier: GPL-2.0-only
// mutant: offset-ignored
// fault: guest faults look up file pages as if every slot were bound at offset zero
// expect: ABI
// killed-by: gmem_content_test:content/file-offsets
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: a slot at a non-zero offset reaches another slot's pages; where the binding of that index
// is checked, the fault fails with EIO instead (and warns, if another slot is bound there).

@@
expression gfn;
identifier slot;
@@
kvm_gmem_get_index(...) {
<...
return gfn - slot->base_gfn
- + slot->gmem.pgoff
 ;
...>
}
