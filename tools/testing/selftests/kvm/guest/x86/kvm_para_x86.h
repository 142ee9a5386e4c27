/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypercall numbers the agent uses; freestanding, so without the kernel's headers. */
#ifndef KVM_PARA_X86_H
#define KVM_PARA_X86_H

#define KVM_HC_MAP_GPA_RANGE		12
#define KVM_MAP_GPA_RANGE_ENCRYPTED	0x10
#define KVM_MAP_GPA_RANGE_DECRYPTED	0

#endif /* KVM_PARA_X86_H */
