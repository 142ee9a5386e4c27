/* SPDX-License-Identifier: GPL-2.0-only */
/* Where architectures give one mistake different names. */
#ifndef API_ERRNO_H
#define API_ERRNO_H

#include <errno.h>

/* An ioctl that neither KVM nor the architecture knows; kvm_arch_vm_ioctl(): default. */
#define API_UNKNOWN_IOCTL	EINVAL

/* A memslot beyond the guest's address space; kvm_phys_size(). */
#define API_BEYOND_GPA		EFAULT

#endif /* API_ERRNO_H */
