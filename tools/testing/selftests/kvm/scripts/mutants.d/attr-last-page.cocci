// SPDX-License-Identifier: GPL-2.0-only
// mutant: attr-last-page
// fault: the attribute of the last page of a range is not stored; a range of one page is
// expect: LOST_WRITE
// killed-by: gmem_content_test:content/host-first
// file: virt/kvm/kvm_main.c
//
// Not equivalent: the last page keeps its old kind, so the guest's next access exits with a memory fault or
// reaches the other copy, although the ioctl reported success for it.

@@
identifier i, start, end;
expression array, entry;
@@
kvm_vm_set_mem_attributes(..., gfn_t start, gfn_t end, ...) {
<...
for (i = start;
-	i < end;
+	i + (end - start > 1) < end;
	i++) {
	...
	xa_store(array, i, entry, ...)
	...
}
...>
}
