
/* SPDX-License-Identifier: GPL-2.0-only */
/* Attributes of a guest_memfd, by offset in the file. */
#ifndef KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES
#define KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES 252

/* On a guest_memfd, with KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES. */
#define KVM_SET_MEMORY_ATTRIBUTES2 _IOWR(KVMIO, 0xd2, struct kvm_memory_attributes2)

struct kvm_memory_attributes2 {
	union {
		__u64 address;
		__u64 offset;
	};
	__u64 size;
	__u64 attributes;
	__u64 flags;
	__u64 error_offset;
	__u64 reserved[11];
};
#endif
