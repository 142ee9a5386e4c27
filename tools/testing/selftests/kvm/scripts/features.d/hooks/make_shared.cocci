// SPDX-License-Identifier: GPL-2.0-only
// file: arch/x86/kvm/gmem_make_shared.c

@include@
@@
#include "../../../virt/kvm/gmem_convert.h"
+ #include "gmem_owner.h"

@make_shared@
typedef kvm_pfn_t;
identifier pfn, nr_pages;
@@
kvm_arch_gmem_make_shared(kvm_pfn_t pfn, kvm_pfn_t nr_pages)
{
+	gmem_owner_make_shared(pfn, nr_pages);
...
}
