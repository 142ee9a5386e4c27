// SPDX-License-Identifier: GPL-2.0-only
// mutant: ring-size-unchecked
// fault: a dirty ring may have a size that is no power of two
// expect: ABI
// killed-by: dirty_ring_test:dirty-ring/api
// file: virt/kvm/kvm_main.c

@@
expression size;
@@
kvm_vm_ioctl_enable_dirty_log_ring(...)
{
...
- if (!size || (size & (size - 1)))
-	return -EINVAL;
...
}
