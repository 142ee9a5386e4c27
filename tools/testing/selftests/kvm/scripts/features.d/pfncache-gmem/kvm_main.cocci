// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/kvm_main.c

@include@
@@
#include "kvm_mm.h"
+ #include "gpc_gmem.h"

@attributes@
identifier kvm, start, end, pre_set_range, post_set_range;
@@
kvm_vm_set_mem_attributes(struct kvm *kvm, gfn_t start, gfn_t end, ...)
{
<...
+	gpc_gmem_invalidate_begin_gfns(kvm, start, end);
	kvm_handle_gfn_range(kvm, &pre_set_range);
...
	kvm_handle_gfn_range(kvm, &post_set_range);
+	gpc_gmem_invalidate_end(kvm);
...>
}
