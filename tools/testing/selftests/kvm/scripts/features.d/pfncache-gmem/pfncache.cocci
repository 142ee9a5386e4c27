// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/pfncache.c

@include@
@@
#include "kvm_mm.h"
+ #include "gpc_gmem.h"

@resolve@
identifier gpc;
expression E;
@@
hva_to_pfn_retry(struct gfn_to_pfn_cache *gpc)
{
<...
- hva_to_pfn(E)
+ gpc_gmem_resolve(gpc, E)
...>
}
