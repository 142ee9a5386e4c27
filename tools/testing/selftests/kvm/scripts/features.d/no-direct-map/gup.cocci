// SPDX-License-Identifier: GPL-2.0-only
// file: mm/gup.c

@include@
@@
#include <linux/secretmem.h>
+ #include <linux/no_direct_map.h>

@vma@
expression V;
@@
check_vma_flags(...)
{
<...
- vma_is_secretmem(V)
+ (vma_is_secretmem(V) || vma_no_direct_map(V))
...>
}

@fast@
expression M;
@@
gup_fast_folio_allowed(...)
{
<...
(
- IS_ENABLED(CONFIG_SECRETMEM)
+ true
|
- secretmem_mapping(M)
+ (secretmem_mapping(M) || mapping_no_direct_map(M))
)
...>
}
