// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/guest_memfd.c

@include@
@@
#include "kvm_mm.h"
+ #include "gmem_direct_map.h"

@create@
expression I, F;
@@
__kvm_gmem_create(...)
{
<...
 GMEM_I(I)->flags = F;
+	gmem_direct_map_inode(I, F);
...>
}

@host_fault@
identifier out_folio;
@@
kvm_gmem_fault_user_mapping(...)
{
<...
 if (!folio_test_uptodate(folio)) { ... }
+	if (gmem_direct_map_remove(folio)) {
+		ret = VM_FAULT_SIGBUS;
+		goto out_folio;
+	}
...
out_folio:
...>
}

@guest_fault@
identifier fn =~ "^(kvm_gmem_get_pfn|gmem_get_pfn_locked)$";
@@
fn(...)
{
<...
 if (!folio_test_uptodate(folio)) { ... }
+	r = gmem_direct_map_remove(folio);
+	if (r) {
+		folio_unlock(folio);
+		folio_put(folio);
+		return r;
+	}
...>
}

@free@
identifier folio;
@@
kvm_gmem_free_folio(struct folio *folio)
{
+	gmem_direct_map_restore(folio);
...
}
