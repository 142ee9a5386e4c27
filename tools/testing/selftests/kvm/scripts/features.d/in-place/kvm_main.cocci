// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/kvm_main.c

@include@
@@
#include "guest_memfd.h"
+ #include "gmem_convert.h"

@supported@
identifier kvm;
@@
kvm_supported_mem_attributes(struct kvm *kvm)
{
+	if (gmem_in_place_conversion)
+		return 0;
...
}

@vm_ioctl@
@@
kvm_vm_ioctl_set_mem_attributes(...)
{
+	if (!IS_ENABLED(CONFIG_KVM_VM_MEMORY_ATTRIBUTES))
+		return -ENOTTY;
...
}

@cap@
identifier kvm, arg;
@@
kvm_vm_ioctl_check_extension_generic(struct kvm *kvm, long arg)
{
+	if (arg == KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES)
+		return gmem_supported_attributes(kvm);
...
}
