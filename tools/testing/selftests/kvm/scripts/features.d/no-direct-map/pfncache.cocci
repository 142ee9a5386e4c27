// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/pfncache.c

@include@
@@
#include "kvm_mm.h"
+ #include "gmem_direct_map.h"

@map@
expression P;
@@
gpc_map(...)
{
<...
  if (pfn_valid(P))
-	return kmap(pfn_to_page(P));
+	return gmem_direct_map_kmap(pfn_to_page(P));
...>
}

@unmap@
expression P, K;
@@
gpc_unmap(...)
{
<...
  if (is_error_noslot_pfn(P) || !K)
	return;
+ if (pfn_valid(P) && is_vmalloc_addr(K)) {
+	vunmap(K);
+	return;
+ }
...>
}
