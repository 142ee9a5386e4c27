/* SPDX-License-Identifier: GPL-2.0-only */
/* Is KVM's hypervisor protected from the host (kvm-arm.mode=protected)? */
#ifndef PKVM_H
#define PKVM_H

#include <stdbool.h>
#include "machine/arm64/kvm_uapi_arm64.h"
#include "machine/kvm_ioctl.h"

/*
 * No capability says so, but this one is withheld only there (kvm_pkvm_ext_allowed()), and by
 * kernels before 6.4, which have no guest_memfd on arm64.
 */

/**
 * pkvm_enabled() - is KVM's hypervisor protected from the host?
 *
 * Return: true if so.
 */
static inline bool pkvm_enabled(void)
{
	return !kvm_cap(KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES);

}

#endif /* PKVM_H */
