
/* SPDX-License-Identifier: GPL-2.0-only */
/* With KVM_CAP_GUEST_MEMFD_FLAGS: pages are not in the kernel's direct map. */
#ifndef GUEST_MEMFD_FLAG_NO_DIRECT_MAP
#define GUEST_MEMFD_FLAG_NO_DIRECT_MAP	(1ULL << 2)
#endif
