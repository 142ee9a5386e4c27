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
identifier filp, ioctl, arg;
@@
 static long kvm_vm_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
 {
+	if (!IS_ENABLED(CONFIG_KVM_VM_MEMORY_ATTRIBUTES) && ioctl == KVM_SET_MEMORY_ATTRIBUTES)
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
