// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/gmem_convert.c

@include@
@@
#include "gmem_convert.h"
+ #include "../../arch/x86/kvm/gmem_owner.h"

@fault@
identifier vmf, r;
@@
gmem_fault(struct vm_fault *vmf)
{
<...
r = kvm_gmem_fault_user_mapping(vmf);
+ if (r == VM_FAULT_LOCKED)
+	gmem_owner_check_host(page_to_pfn(vmf->page));
...>
}
