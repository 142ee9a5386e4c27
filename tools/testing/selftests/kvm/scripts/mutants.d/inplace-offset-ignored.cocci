// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-offset-ignored
// fault: the attribute is looked up without the memslot's offset into the file
// expect: PERMISSION, KERNEL, HANG, ABI
// killed-by: gmem_convert_test:convert/hypercall
// killed-by: gmem_convert_*:*
// killed-by: gmem_stress:stress/in-place
// killed-by: gmem_content_test:content/file-offsets
// file: virt/kvm/gmem_convert.c
// feature: in-place, hooks
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: with hooks a page that is shared is assigned, and the other way round.

@@
expression slot, gfn;
@@
kvm_gmem_gfn_is_private(...) {
<...
- gfn - slot->base_gfn + slot->gmem.pgoff
+ gfn - slot->base_gfn
...>
}
