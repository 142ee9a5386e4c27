/* SPDX-License-Identifier: GPL-2.0-only */
/* Where architectures give one mistake different names. */
#ifndef API_ERRNO_H
#define API_ERRNO_H

#include <errno.h>

#if defined(__aarch64__)

/* An ioctl that neither KVM nor the architecture knows; kvm_arch_vm_ioctl(): default. */
#define API_UNKNOWN_IOCTL	EINVAL

/* A memslot beyond the guest's address space; kvm_phys_size(). */
#define API_BEYOND_GPA		EFAULT

#else

/* The same; x86's kvm_arch_vm_ioctl(). */
#define API_UNKNOWN_IOCTL	ENOTTY

/* The same; kvm_mmu_max_gfn(). */
#define API_BEYOND_GPA		EINVAL

#endif

#endif /* API_ERRNO_H */
