/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the KVM uAPI that is x86's own; as kvm_uapi.h. */
#ifndef KVM_UAPI_X86_H
#define KVM_UAPI_X86_H

#include "machine/kvm_uapi.h"

/* VM types, KVM_CAP_VM_TYPES (api.rst, 4.2). */
#ifndef KVM_X86_DEFAULT_VM
#define KVM_X86_DEFAULT_VM	0
#endif
#ifndef KVM_X86_SW_PROTECTED_VM
#define KVM_X86_SW_PROTECTED_VM	1
#endif
#ifndef KVM_X86_SNP_VM
#define KVM_X86_SNP_VM		4
#endif
#ifndef KVM_X86_TDX_VM
#define KVM_X86_TDX_VM		5
#endif

/* KVM_HC_MAP_GPA_RANGE (Documentation/virt/kvm/x86/hypercalls.rst, 8). */
#ifndef KVM_HC_MAP_GPA_RANGE
#define KVM_HC_MAP_GPA_RANGE	12
#endif
#ifndef KVM_MAP_GPA_RANGE_ENCRYPTED
#define KVM_MAP_GPA_RANGE_ENCRYPTED (1ULL << 4)
#define KVM_MAP_GPA_RANGE_DECRYPTED 0
#endif

#endif /* KVM_UAPI_X86_H */
