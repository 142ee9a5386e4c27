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
#include "memory/memory_operation.h"
#include "pfncache/xen.h"

#define EVENT_GPA	AGENT_TEST_GPA	/* shared_info; vcpu_info is in the page after it */
#define EVENT_PAGE	4096ull
#define EVENT_PAGES	2u
#define EVENT_WORDS	(XEN_PORTS / 64)

struct event_vm {
	struct vm *vm;
	struct agent *agent;		/* vCPU 0: target of all events, and sender */
	struct memory *memory;		/* both pages */
	struct xen_shared_info *shared;
	struct xen_vcpu_info *info;
	uint64_t params;		/* control address: what hypercalls point to */
	int irqfd;			/* eventfd of EVENT_IRQFD_PORT */
};

/* Words of the senders. */
enum event_word { EVENT_IOCTL = 1, EVENT_IRQFD = 2, EVENT_HYPERCALL = 3, EVENT_POLL = 5,
		  EVENT_TIMER = 7 };

/**
 * event_port() - name a port of a sender
 * @word: of the sender
 * @n: its number, counted round 64
 *
 * Return: the port.
 */
static inline uint32_t event_port(enum event_word word, unsigned int n)
{
	return word * 64 + n % 64;

}

#define EVENT_IRQFD_PORT	event_port(EVENT_IRQFD, 7)

/**
 * event_open() - create a 64-bit Xen guest with shared_info, vcpu_info, an irqfd, and
 *    hypercalls that KVM handles
 * @e: filled in
 */
void event_open(struct event_vm *e);

/**
 * event_close() - destroy the guest
 * @e: the VM
 */
void event_close(struct event_vm *e);

/**
 * __event_send_ioctl() - send an event by KVM_XEN_HVM_EVTCHN_SEND
 * @e: the VM
 * @port: of the event
 *
 * Return: 0 or -errno.
 */
int __event_send_ioctl(struct event_vm *e, uint32_t port);

/**
 * event_send_irqfd() - send an event by the irqfd
 * @e: the VM
 *
 * It may be delivered later than this returns.
 */
void event_send_irqfd(struct event_vm *e);

/**
 * __event_send_timer() - send an event by the vCPU's timer
 * @e: the VM
 * @port: of the event
 *
 * The timer fires from an interrupt, soon after this has returned.
 *
 * Return: 0 or -errno.
 */
int __event_send_timer(struct event_vm *e, uint32_t port);

/**
 * event_send_guest() - have the guest itself send an event
 * @e: the VM
 * @port: one that event_open() has bound: word EVENT_HYPERCALL
 *
 * Return: what the hypercall returned.
 */
int64_t event_send_guest(struct event_vm *e, uint32_t port);

/**
 * event_post_poll() - post SCHEDOP_poll for one port, without timeout
 * @e: the VM
 * @port: to poll for
 *
 * agent_wait() for its end.
 */
void event_post_poll(struct event_vm *e, uint32_t port);

/**
 * event_pending() - is a port pending in shared_info?
 * @e: the VM
 * @port: the port
 *
 * Return: true if so.
 */
bool event_pending(const struct event_vm *e, uint32_t port);

/**
 * event_selected() - is a port's word selected in vcpu_info?
 * @e: the VM
 * @port: the port
 *
 * Return: true if so.
 */
bool event_selected(const struct event_vm *e, uint32_t port);

/**
 * event_clear() - do what the guest's handler does: clear the bit of the word, then that of the
 *    port
 * @e: the VM
 * @port: the port
 */
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

/**
 * event_operate() - do something to both pages that has to succeed
 * @e: the VM
 * @id: one of plan/operations.h
 *
 * Skips the sub-test if this machine cannot do it.
 */
void event_operate(struct event_vm *e, enum operation_id id);

/**
 * event_churn() - let another memslot come and go
 * @e: the VM
 *
 * Every cache by gpa has to be refreshed then, to the same page.
 */
void event_churn(struct event_vm *e);

/**
 * event_migrate() - move both pages to the next node
 * @e: the VM
 * @n: times that this was done before
 *
 * Skips the sub-test if there is only one.
 */
void event_migrate(struct event_vm *e, unsigned int n);

/* Seconds after which an event that is still missing is lost. */
#define EVENT_LOST	10

/**
 * event_lost() - end the sub-test, as an event is lost or invented
 * @e: the VM
 * @port: of the event
 * @what: is wrong
 */
void event_lost(const struct event_vm *e, uint32_t port, const char *what)
	__attribute__((noreturn));

#endif /* X86_EVENT_H */
