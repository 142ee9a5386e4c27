// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-punch-resets
// fault: a punched page is private again
// expect: PERMISSION, CRASH
// killed-by: gmem_convert_test:convert/unallocated
// file: virt/kvm/guest_memfd.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: attributes are the file's, and a punch is about contents.

@@
expression inode, start, end;
@@
kvm_gmem_punch_hole(...) {
<...
  truncate_inode_pages_range(...);
+ if (gmem_in_place_conversion) {
+	struct gmem_attributes_change change;
+
+	if (!gmem_attributes_prepare(&change, inode, start, end, KVM_MEMORY_ATTRIBUTE_PRIVATE))
+		gmem_attributes_commit(&change);
+ }
  kvm_gmem_invalidate_end(inode, start, end);
...>
}
