// SPDX-License-Identifier: GPL-2.0-only
#include "harness/verdict.h"
#include "pfncache/xen.h"

/* Any number of the range that KVM accepts (kvm_xen_hvm_config()); no guest writes to it. */
#define HYPERCALL_MSR	0x40000200u

unsigned int xen_features(void)
{
	return kvm_cap(KVM_CAP_XEN_HVM);
}

void xen_require(unsigned int features)
{
	if (features & ~xen_features())
		verdict_skip("Xen emulation lacks features %#x (KVM_CAP_XEN_HVM is %#x)",
			     features & ~xen_features(), xen_features());
}

void xen_enable(struct vm *vm, unsigned int flags)
{
	struct kvm_xen_hvm_config config = {
		.msr = HYPERCALL_MSR,
		.flags = flags | KVM_XEN_HVM_CONFIG_EVTCHN_SEND,
	};

	xen_require(config.flags | KVM_XEN_HVM_CONFIG_SHARED_INFO | KVM_XEN_HVM_CONFIG_RUNSTATE);
	vm_ioctl(vm, KVM_XEN_HVM_CONFIG, &config);
	if (__xen_vm_set(vm, KVM_XEN_ATTR_TYPE_LONG_MODE, 1))
		verdict_fail(VERDICT_ABI, "a Xen guest cannot be made 64-bit");
	if (xen_features() & KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG &&
	    __xen_vm_set(vm, XEN_VM_RUNSTATE_UPDATE_FLAG, 1))
		verdict_fail(VERDICT_ABI, "the runstate update flag cannot be turned on");
}

/* Every attribute that is a number starts at the same place of the union, little endian. */
int __xen_vm_set(struct vm *vm, unsigned int type, uint64_t value)
{
	struct kvm_xen_hvm_attr attr = { .type = type, .u.shared_info.gfn = value };

	return __vm_ioctl(vm, KVM_XEN_HVM_SET_ATTR, &attr);
}

uint64_t xen_vm_get(struct vm *vm, unsigned int type)
{
	struct kvm_xen_hvm_attr attr = { .type = type };

	vm_ioctl(vm, KVM_XEN_HVM_GET_ATTR, &attr);
	return attr.u.shared_info.gfn;
}

int __xen_vcpu_set(struct vcpu *vcpu, unsigned int type, uint64_t value)
{
	struct kvm_xen_vcpu_attr attr = { .type = type, .u.gpa = value };

	return __vcpu_ioctl(vcpu, KVM_XEN_VCPU_SET_ATTR, &attr);
}

uint64_t xen_vcpu_get(struct vcpu *vcpu, unsigned int type)
{
	struct kvm_xen_vcpu_attr attr = { .type = type };

	return __vcpu_ioctl(vcpu, KVM_XEN_VCPU_GET_ATTR, &attr) ? XEN_NOWHERE : attr.u.gpa;
}

int __xen_runstate_set(struct vcpu *vcpu, const uint64_t *times)
{
	struct kvm_xen_vcpu_attr attr = {
		.type = KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_DATA,
		.u.runstate = {
			.state = XEN_RUNNING,
			.state_entry_time = times[XEN_RUNNING] + times[XEN_RUNNABLE] +
					    times[XEN_BLOCKED] + times[XEN_OFFLINE],
			.time_running = times[XEN_RUNNING],
			.time_runnable = times[XEN_RUNNABLE],
			.time_blocked = times[XEN_BLOCKED],
			.time_offline = times[XEN_OFFLINE],
		},
	};
	int r = __vcpu_ioctl(vcpu, KVM_XEN_VCPU_SET_ATTR, &attr);

	if (r)
		return r;
	/* An adjustment by nothing, to no other state: only this one writes to the guest. */
	attr = (struct kvm_xen_vcpu_attr){
		.type = KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADJUST,
		.u.runstate.state = -1ull,
	};
	return __vcpu_ioctl(vcpu, KVM_XEN_VCPU_SET_ATTR, &attr);
}

int __xen_event_send(struct vm *vm, uint32_t vcpu, uint32_t port)
{
	struct kvm_irq_routing_xen_evtchn event = {
		.port = port,
		.vcpu = vcpu,
		.priority = KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL,
	};

	return __vm_ioctl(vm, KVM_XEN_HVM_EVTCHN_SEND, &event);
}
