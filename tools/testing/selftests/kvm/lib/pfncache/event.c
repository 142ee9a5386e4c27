// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "abi/x86/agent_arch.h"
#include "harness/clock.h"
#include "harness/verdict.h"
#include "pfncache/event.h"
#include "pfncache/pfncache.h"

/* Xen's numbers: include/xen/interface of the kernel. */
#define HYPERVISOR_SCHED_OP		29
#define HYPERVISOR_EVENT_CHANNEL_OP	32
#define SCHEDOP_POLL			3
#define EVTCHNOP_SEND			4
#define EVTCHNSTAT_INTERDOMAIN		2

#define IRQFD_GSI	64

/* struct sched_poll, 64-bit; and the port of either hypercall. */
struct params {
	uint64_t ports;
	uint32_t nr_ports;
	uint32_t pad;
	uint64_t timeout;
	uint32_t port;
};

static void route_irqfd(struct event_vm *e)
{
	union {
		struct kvm_irq_routing table;
		uint8_t room[sizeof(struct kvm_irq_routing) +
			     sizeof(struct kvm_irq_routing_entry)];
	} routing = { .table.nr = 1 };
	struct kvm_irqfd irqfd = { .gsi = IRQFD_GSI };

	routing.table.entries[0] = (struct kvm_irq_routing_entry){
		.gsi = IRQFD_GSI,
		.type = KVM_IRQ_ROUTING_XEN_EVTCHN,
		.u.xen_evtchn = {
			.port = EVENT_IRQFD_PORT,
			.priority = KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL,
		},
	};
	e->irqfd = eventfd(0, EFD_CLOEXEC);
	verdict_require(e->irqfd >= 0, "eventfd");
	irqfd.fd = e->irqfd;
	vm_ioctl(e->vm, KVM_SET_GSI_ROUTING, &routing);
	vm_ioctl(e->vm, KVM_IRQFD, &irqfd);
}

static void bind_port(struct event_vm *e, uint32_t port)
{
	struct kvm_xen_hvm_attr attr = {
		.type = KVM_XEN_ATTR_TYPE_EVTCHN,
		.u.evtchn = {
			.send_port = port,
			.type = EVTCHNSTAT_INTERDOMAIN,
			.deliver.port = {
				.port = port,
				.priority = KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL,
			},
		},
	};

	vm_ioctl(e->vm, KVM_XEN_HVM_SET_ATTR, &attr);
}

static void create_pages(struct event_vm *e)
{
	e->memory = memory_create(e->vm, MEMORY_ANON, EVENT_GPA, EVENT_PAGES * EVENT_PAGE);
	memset(e->memory->hva, 0, e->memory->size);
	e->shared = (void *)memory_at(e->memory, 0);
	e->info = (void *)memory_at(e->memory, 1);
}

void event_open(struct event_vm *e)
{
	unsigned int i;

	memset(e, 0, sizeof(*e));
	e->vm = vm_create(vm_default);
	pfncache_require_space(e->vm);
	vm_ioctl(e->vm, KVM_CREATE_IRQCHIP, NULL);
	xen_enable(e->vm, KVM_XEN_HVM_CONFIG_INTERCEPT_HCALL);
	e->agent = agent_create(e->vm, 0, 1);
	e->params = vm_control_alloc(e->vm, sizeof(struct params));
	create_pages(e);
	if (__xen_vcpu_set(e->agent->vcpu, KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO,
			   EVENT_GPA + EVENT_PAGE) ||
	    __xen_vm_set(e->vm, KVM_XEN_ATTR_TYPE_SHARED_INFO, EVENT_GPA / EVENT_PAGE))
		verdict_fail(VERDICT_ABI, "shared_info and vcpu_info were refused");
	for (i = 0; i < 64; i++)
		bind_port(e, event_port(EVENT_HYPERCALL, i));
	route_irqfd(e);
}

void event_close(struct event_vm *e)
{
	agent_destroy(e->agent);
	memory_destroy(e->memory);
	close(e->irqfd);
	vm_destroy(e->vm);
}

int __event_send_ioctl(struct event_vm *e, uint32_t port)
{
	return __xen_event_send(e->vm, 0, port);
}

void event_send_irqfd(struct event_vm *e)
{
	const uint64_t one = 1;

	verdict_require(write(e->irqfd, &one, sizeof(one)) == sizeof(one), "write to an eventfd");
}

/* Nanoseconds until the timer fires: the call that sets it is over by then, mostly. */
#define TIMER_DELAY	20000u

int __event_send_timer(struct event_vm *e, uint32_t port)
{
	struct kvm_xen_vcpu_attr attr = {
		.type = KVM_XEN_VCPU_ATTR_TYPE_TIMER,
		.u.timer = {
			.port = port,
			.priority = KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL,
		},
	};
	struct kvm_clock_data now = { 0 };

	vm_ioctl(e->vm, KVM_GET_CLOCK, &now);
	attr.u.timer.expires_ns = now.clock + TIMER_DELAY;
	return __vcpu_ioctl(e->agent->vcpu, KVM_XEN_VCPU_SET_ATTR, &attr);
}

static struct agent_op hypercall(const struct event_vm *e, uint64_t nr, uint64_t cmd,
				 uint64_t offset)
{
	return (struct agent_op){
		.opcode = AGENT_OP_XEN, .arg = nr, .value = cmd, .gpa = e->params + offset,
	};
}

int64_t event_send_guest(struct event_vm *e, uint32_t port)
{
	struct params *params = vm_control_ptr(e->vm, e->params);
	const struct agent_op op = hypercall(e, HYPERVISOR_EVENT_CHANNEL_OP, EVTCHNOP_SEND,
					     offsetof(struct params, port));

	params->port = port;
	return agent_expect_ok(e->agent, &op, VERDICT_ABI, "EVTCHNOP_send");
}

void event_post_poll(struct event_vm *e, uint32_t port)
{
	struct params *params = vm_control_ptr(e->vm, e->params);
	const struct agent_op op = hypercall(e, HYPERVISOR_SCHED_OP, SCHEDOP_POLL, 0);

	*params = (struct params){
		.ports = e->params + offsetof(struct params, port), .nr_ports = 1, .port = port,
	};
	agent_post(e->agent, &op);
}

bool event_pending(const struct event_vm *e, uint32_t port)
{
	return __atomic_load_n(&e->shared->pending[port / 64], __ATOMIC_ACQUIRE) >> port % 64 & 1;
}

bool event_selected(const struct event_vm *e, uint32_t port)
{
	return __atomic_load_n(&e->info->pending_sel, __ATOMIC_ACQUIRE) >> port / 64 & 1;
}

void event_clear(struct event_vm *e, uint32_t port)
{
	__atomic_fetch_and(&e->info->pending_sel, ~(1ull << port / 64), __ATOMIC_SEQ_CST);
	__atomic_fetch_and(&e->shared->pending[port / 64], ~(1ull << port % 64),
			   __ATOMIC_SEQ_CST);
}

void event_await(struct event_vm *e, uint32_t port, bool enter,
		 bool (*seen)(const struct event_vm *e, uint32_t port), const char *what)
{
	const struct agent_op nop = { .opcode = AGENT_OP_NOP };
	const double end = clock_seconds() + EVENT_LOST;

	while (!seen(e, port)) {
		if (clock_seconds() > end)
			event_lost(e, port, what);
		if (enter)
			agent_run(e->agent, &nop);
		else
			sched_yield();
	}
	verdict_progress();
}

void event_operate(struct event_vm *e, enum operation_id id)
{
	const char *lacks = memory_lacks(e->memory, id);
	int error;

	if (lacks)
		verdict_skip("%s", lacks);
	error = memory_do(e->memory, id, 0, EVENT_PAGES);
	if (error)
		verdict_fail(VERDICT_SETUP, "%s: %s, expected success", operation_get(id)->name,
			     strerror(-error));
}

void event_churn(struct event_vm *e)
{
	event_operate(e, OP_OTHER_SLOT);
}

void event_migrate(struct event_vm *e, unsigned int n)
{
	(void)n;
	event_operate(e, OP_BIND);
}

void event_lost(const struct event_vm *e, uint32_t port, const char *what)
{
	verdict_fail(VERDICT_LOST_WRITE,
		     "event on port %u: %s; pending %d, pending_sel %#llx, upcall %u", port, what,
		     event_pending(e, port), (unsigned long long)e->info->pending_sel,
		     e->info->upcall_pending);
}
