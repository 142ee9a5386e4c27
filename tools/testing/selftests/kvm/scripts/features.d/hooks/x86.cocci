// SPDX-License-Identifier: GPL-2.0-only
// file: arch/x86/kvm/x86.c

@include@
@@
#include "mmu.h"
+ #include "gmem_owner.h"

@make_private@
identifier kvm, gfn, pfn, nr_pages;
@@
kvm_arch_gmem_make_private(struct kvm *kvm, gfn_t gfn, kvm_pfn_t pfn, kvm_pfn_t nr_pages)
{
+	if (kvm->arch.vm_type == KVM_X86_SW_PROTECTED_VM)
+		return gmem_owner_assign(kvm, pfn, nr_pages);
...
}

@reclaim@
identifier pfn, nr_pages;
@@
kvm_arch_gmem_reclaim(kvm_pfn_t pfn, kvm_pfn_t nr_pages)
{
+	gmem_owner_reclaim(pfn, nr_pages);
...
}
