// SPDX-License-Identifier: GPL-2.0-only
// mutant: mmap-offset-ignored
// fault: a host mapping that starts inside the file shows the pages from the start of the file
// expect: WRONG_PAGE
// killed-by: gmem_content_test:content/mapping-offset
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: for a mapping at a non-zero offset the page differs from the one that the guest sees at
// the same file offset. Mappings at offset zero work, as does the check against the end of the file.

@@
identifier fault =~ "^kvm_gmem_fault(_user_mapping)?$";
identifier vmf;
expression inode;
@@
fault(struct vm_fault *vmf) {
<...
kvm_gmem_get_folio(inode,
-	vmf->pgoff
+	(vmf->address - vmf->vma->vm_start) >> PAGE_SHIFT
 )
...>
}
