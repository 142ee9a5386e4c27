/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event channels of a Xen guest, sent in every way there is, and looked for in shared_info and
 * vcpu_info.
 *
 * Senders have a word of 64 ports each, so that every bit has one owner: pending bit, the bit
 * of the word in pending_sel, and all bits in between stay as their owner left them.
 */
#ifndef X86_EVENT_H
#define X86_EVENT_H

#include "machine/agent.h"
#include "machine/memslot.h"
#include "pfncache/xen.h"

#define EVENT_GPA	AGENT_TEST_GPA	/* shared_info; vcpu_info is in the page after it */
#define EVENT_PAGE	4096ull
#define EVENT_WORDS	(XEN_PORTS / 64)

struct event_vm {
	struct vm *vm;
	struct agent *agent;		/* vCPU 0: target of all events, and sender */
	struct memslot slot;
	struct xen_shared_info *shared;
	struct xen_vcpu_info *info;
	uint64_t params;		/* control address: what hypercalls point to */
	int irqfd;			/* eventfd of EVENT_IRQFD_PORT */
};

/* Words of the senders. */
enum event_word { EVENT_IOCTL = 1, EVENT_IRQFD = 2, EVENT_HYPERCALL = 3, EVENT_POLL = 5,
		  EVENT_TIMER = 7 };

static inline uint32_t event_port(enum event_word word, unsigned int n)
{
	return word * 64 + n % 64;
}

#define EVENT_IRQFD_PORT	event_port(EVENT_IRQFD, 7)

/* A 64-bit Xen guest with shared_info, vcpu_info, an irqfd, and hypercalls that KVM handles. */
void event_open(struct event_vm *e);
void event_close(struct event_vm *e);

/* Each returns when the call has: 0 or -errno. An irqfd may deliver later. */
int __event_send_ioctl(struct event_vm *e, uint32_t port);
void event_send_irqfd(struct event_vm *e);

/* By the vCPU's timer, which fires from an interrupt, soon after this has returned. */
int __event_send_timer(struct event_vm *e, uint32_t port);

/* The guest itself sends; @port must have been bound by event_open(): word EVENT_HYPERCALL. */
int64_t event_send_guest(struct event_vm *e, uint32_t port);

/* Post SCHEDOP_poll for one port, without timeout; agent_wait() for its end. */
void event_post_poll(struct event_vm *e, uint32_t port);

/* Is the port pending in shared_info; is its word in vcpu_info? */
bool event_pending(const struct event_vm *e, uint32_t port);
bool event_selected(const struct event_vm *e, uint32_t port);

/* What the guest's handler does: clear the bit of the word, then that of the port. */
void event_clear(struct event_vm *e, uint32_t port);

/**
 * event_await() - wait until an event has got somewhere, or is lost
 * @e: the VM
 * @port: of the event
 * @enter: enter and leave the guest meanwhile, which delivers what could not be at once
 * @seen: where it has to get: event_pending() or event_selected()
 * @what: what is wrong if it does not, within EVENT_LOST
 */
void event_await(struct event_vm *e, uint32_t port, bool enter,
		 bool (*seen)(const struct event_vm *e, uint32_t port), const char *what);

/* Another memslot comes and goes: every cache by gpa has to be refreshed, to the same page. */
void event_churn(struct event_vm *e);

/* Move both pages to the @n-th node, counted round. Skips if they cannot be moved. */
void event_migrate(struct event_vm *e, unsigned int n);

/* Seconds after which an event that is still missing is lost. */
#define EVENT_LOST	10

/* End the sub-test: the event on @port is lost, or invented, see @what. */
void event_lost(const struct event_vm *e, uint32_t port, const char *what)
	__attribute__((noreturn));

#endif /* X86_EVENT_H */
