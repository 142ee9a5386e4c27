// SPDX-License-Identifier: GPL-2.0-only
// file: include/linux/kvm_host.h

@include@
@@
#include <linux/kvm_types.h>
+ #include <linux/kvm_gmem_in_place.h>

@is_private@
expression kvm, gfn;
@@
kvm_mem_is_private(...)
{
<...
- kvm_get_memory_attributes(kvm, gfn) & KVM_MEMORY_ATTRIBUTE_PRIVATE
+ gmem_in_place_conversion ? kvm_gmem_gfn_is_private(kvm, gfn) : kvm_get_memory_attributes(kvm, gfn) & KVM_MEMORY_ATTRIBUTE_PRIVATE
...>
}
