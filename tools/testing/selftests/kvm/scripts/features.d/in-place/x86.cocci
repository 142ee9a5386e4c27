// SPDX-License-Identifier: GPL-2.0-only
// file: arch/x86/kvm/x86.c

@@
identifier kvm;
@@
kvm_arch_supports_gmem_init_shared(struct kvm *kvm)
{
+	if (gmem_in_place_conversion)
+		return true;
...
}
