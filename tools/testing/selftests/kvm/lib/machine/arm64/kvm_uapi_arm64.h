/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the KVM uAPI that is arm64's own; as kvm_uapi.h. */
#ifndef KVM_UAPI_ARM64_H
#define KVM_UAPI_ARM64_H

#include "machine/kvm_uapi.h"

/* Protected VMs under pKVM, kvm-arm.mode=protected (in development in 7.3). */
#ifndef KVM_VM_TYPE_ARM_PROTECTED
#define KVM_VM_TYPE_ARM_PROTECTED	(1UL << 31)
#endif

/* SMCCC filter of the VM (Documentation/virt/kvm/devices/vm.rst, 6, since 6.4). */
#ifndef KVM_ARM_VM_SMCCC_CTRL
#define KVM_ARM_VM_SMCCC_CTRL		0
#define KVM_ARM_VM_SMCCC_FILTER		0

enum kvm_smccc_filter_action {
	KVM_SMCCC_FILTER_HANDLE = 0,
	KVM_SMCCC_FILTER_DENY,
	KVM_SMCCC_FILTER_FWD_TO_USER,
};

struct kvm_smccc_filter {
	__u32 base;
	__u32 nr_functions;
	__u8 action;
	__u8 pad[15];
};
#endif

#ifndef KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES
#define KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES 229
#endif

#endif /* KVM_UAPI_ARM64_H */
