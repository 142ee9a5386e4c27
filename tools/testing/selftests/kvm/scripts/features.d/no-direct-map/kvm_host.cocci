// SPDX-License-Identifier: GPL-2.0-only
// file: include/linux/kvm_host.h

@@
@@
kvm_gmem_get_supported_flags(...)
{
<...
- GUEST_MEMFD_FLAG_MMAP
+ GUEST_MEMFD_FLAG_MMAP | (IS_ENABLED(CONFIG_KVM_GMEM_NO_DIRECT_MAP) ? GUEST_MEMFD_FLAG_NO_DIRECT_MAP : 0)
...>
}
