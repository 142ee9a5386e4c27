// SPDX-License-Identifier: GPL-2.0-only
// mutant: notifier-unreported
// fault: KVM does not say that it heeds MMU notifiers
// expect: ABI
// killed-by: gmem_notifier_test:notifier/reported
// file: virt/kvm/kvm_main.c

@@
identifier kvm, arg;
@@
kvm_vm_ioctl_check_extension_generic(struct kvm *kvm, long arg)
{
+ if (arg == KVM_CAP_SYNC_MMU)
+	return 0;
...
}
