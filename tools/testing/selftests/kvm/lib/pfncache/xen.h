/* SPDX-License-Identifier: GPL-2.0-only */
/* KVM's Xen emulation (api.rst, 4.126 and after): attributes, event channels, layouts. */
#ifndef X86_XEN_H
#define X86_XEN_H

#include "machine/vcpu.h"
#include "pfncache/pvclock.h"

/* What <asm/kvm.h> of the build may lack; numbers are those of Linux 7.3. */
#ifndef KVM_XEN_HVM_CONFIG_EVTCHN_SEND
#define KVM_XEN_HVM_CONFIG_EVTCHN_SEND		(1 << 5)
#endif
#ifndef KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG
#define KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG	(1 << 6)
#endif
#ifndef KVM_XEN_HVM_CONFIG_SHARED_INFO_HVA
#define KVM_XEN_HVM_CONFIG_SHARED_INFO_HVA	(1 << 8)
#endif
#define XEN_VM_SHARED_INFO_HVA		6	/* KVM_XEN_ATTR_TYPE_SHARED_INFO_HVA, 6.9 */
#define XEN_VM_RUNSTATE_UPDATE_FLAG	5	/* KVM_XEN_ATTR_TYPE_RUNSTATE_UPDATE_FLAG, 6.2 */
#define XEN_VCPU_INFO_HVA		9	/* KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO_HVA, 6.9 */

/* The value that turns an address attribute off; for host addresses that is 0. */
#define XEN_NOWHERE	(~0ull)

/* Layouts of include/xen/interface, 64-bit. */
struct xen_vcpu_info {
	uint8_t upcall_pending;
	uint8_t upcall_mask;
	uint8_t pad[6];
	uint64_t pending_sel;		/* bit n: a bit of word n of shared_info's pending */
	uint64_t arch[2];
	struct pvclock time;
};

#define XEN_LEGACY_VCPUS	32
#define XEN_PORTS		4096u

struct xen_shared_info {
	struct xen_vcpu_info vcpu[XEN_LEGACY_VCPUS];
	uint64_t pending[XEN_PORTS / 64];
	uint64_t mask[XEN_PORTS / 64];
	uint32_t wc_version;		/* odd while KVM writes the rest */
	uint32_t wc_sec;
	uint32_t wc_nsec;
	uint32_t wc_sec_hi;
};

enum { XEN_RUNNING, XEN_RUNNABLE, XEN_BLOCKED, XEN_OFFLINE, XEN_STATES };

/* Top bit of entry_time, set while KVM writes the rest, if the VM asked for it. */
#define XEN_RUNSTATE_UPDATE	(1ull << 63)

struct xen_runstate {
	uint32_t state;
	uint32_t pad;
	uint64_t entry_time;
	uint64_t time[XEN_STATES];	/* nanoseconds; their sum is entry_time */
};

/**
 * xen_features() - ask what Xen emulation the kernel offers
 *
 * Return: KVM_XEN_HVM_CONFIG_* (KVM_CAP_XEN_HVM), 0 if there is none.
 */
unsigned int xen_features(void);

/**
 * xen_require() - skip the sub-test unless the kernel offers features
 * @features: KVM_XEN_HVM_CONFIG_*, all of them
 */
void xen_require(unsigned int features);

/**
 * xen_enable() - make a VM a Xen guest: 64-bit layouts, event channels delivered by KVM
 * @vm: the VM
 * @flags: KVM_XEN_HVM_CONFIG_INTERCEPT_HCALL or 0
 *
 * Without a hypercall MSR KVM leaves most of its Xen emulation off (kvm_xen_enabled).
 */
void xen_enable(struct vm *vm, unsigned int flags);

/**
 * __xen_vm_set() - set an attribute of the VM that is one number (KVM_XEN_HVM_SET_ATTR)
 * @vm: the VM
 * @type: of the attribute
 * @value: the number
 *
 * Return: 0 or -errno.
 */
int __xen_vm_set(struct vm *vm, unsigned int type, uint64_t value);

/**
 * xen_vm_get() - get an attribute of the VM that is one number (KVM_XEN_HVM_GET_ATTR)
 * @vm: the VM
 * @type: of the attribute
 *
 * Return: the number; ends the sub-test if KVM refuses.
 */
uint64_t xen_vm_get(struct vm *vm, unsigned int type);

/**
 * __xen_vcpu_set() - set an attribute of a vCPU that is one number (KVM_XEN_VCPU_SET_ATTR)
 * @vcpu: the vCPU
 * @type: of the attribute
 * @value: the number
 *
 * Return: 0 or -errno.
 */
int __xen_vcpu_set(struct vcpu *vcpu, unsigned int type, uint64_t value);

/**
 * xen_vcpu_get() - get an attribute of a vCPU (KVM_XEN_VCPU_GET_ATTR)
 * @vcpu: the vCPU
 * @type: of the attribute
 *
 * Return: the number; XEN_NOWHERE if that fails, as it does for RUNSTATE_ADDR.
 */
uint64_t xen_vcpu_get(struct vcpu *vcpu, unsigned int type);

/**
 * __xen_runstate_set() - make KVM account exactly these times, and write them to the guest
 * @vcpu: the vCPU
 * @times: nanoseconds in each state; their sum must not be later than the VM's clock
 *
 * The vCPU counts as running afterwards.
 *
 * Return: 0 or -errno.
 */
int __xen_runstate_set(struct vcpu *vcpu, const uint64_t *times);

/**
 * __xen_event_send() - send an event (KVM_XEN_HVM_EVTCHN_SEND), two-level
 * @vm: the VM
 * @vcpu: id of the target
 * @port: of the event
 *
 * Return: 0 or -errno.
 */
int __xen_event_send(struct vm *vm, uint32_t vcpu, uint32_t port);

#endif /* X86_XEN_H */
