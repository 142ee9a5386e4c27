// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event channels, whose bits KVM keeps in two pfncaches: no event is lost, and none invented, in
 * whichever way it is sent and whatever happens to the pages meanwhile.
 */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/clock.h"
#include "harness/runner.h"
#include "pfncache/event.h"

/* Turns that others get while a child is there. */
#define FORK_TURNS	4

struct storm;

struct sender {
	struct storm *storm;
	enum event_word word;
	pthread_t thread;
	uint64_t begun, done;
};

enum { IOCTL, IRQFD, GUEST, SENDERS };

struct storm {
	struct event_vm e;
	struct sender sender[SENDERS];
	uint32_t stop;		/* 1: senders but for the guest; 2: all */
	uint64_t disturbances, overlaps;
	unsigned int n;		/* of the disturbance */
	struct vcpu *vcpus[VM_VCPUS_MAX];
};

static void send_one(struct sender *s, unsigned int n)
{
	uint32_t port = s->word == EVENT_IRQFD ? EVENT_IRQFD_PORT : event_port(s->word, n);
	struct event_vm *e = &s->storm->e;
	long r = 0;

	if (event_pending(e, port))
		event_lost(e, port, "is pending, and nobody has sent it");
	__atomic_fetch_add(&s->begun, 1, __ATOMIC_SEQ_CST);
	if (s->word == EVENT_IOCTL)
		r = __event_send_ioctl(e, port);
	else if (s->word == EVENT_HYPERCALL)
		r = event_send_guest(e, port);
	else
		event_send_irqfd(e);
	__atomic_fetch_add(&s->done, 1, __ATOMIC_SEQ_CST);
	if (r)
		verdict_fail(VERDICT_ABI, "event on port %u: %s", port, strerror(-r));
	if (s->word == EVENT_IRQFD)
		event_await(e, port, false, event_pending,
			    "sent by irqfd, does not become pending");
	else if (!event_pending(e, port))
		event_lost(e, port, "was sent, and is not pending");
	event_await(e, port, s->word == EVENT_HYPERCALL, event_selected,
		    "is pending, and vcpu_info does not say so");
	event_clear(e, port);
}

static void *sender_thread(void *arg)
{
	struct sender *s = arg;
	uint32_t limit = s->word == EVENT_HYPERCALL ? 2 : 1;
	unsigned int n = 0;

	while (__atomic_load_n(&s->storm->stop, __ATOMIC_RELAXED) < limit)
		send_one(s, n++);
	return NULL;
}

static void storm_begin(struct storm *s)
{
	static const enum event_word words[SENDERS] = { EVENT_IOCTL, EVENT_IRQFD, EVENT_HYPERCALL };
	unsigned int i;

	memset(s, 0, sizeof(*s));
	event_open(&s->e);
	for (i = 0; i < SENDERS; i++) {
		s->sender[i] = (struct sender){ .storm = s, .word = words[i] };
		verdict_require(!pthread_create(&s->sender[i].thread, NULL, sender_thread,
						&s->sender[i]), "thread");
	}
}

/* Begun and finished sends of all senders: unequal, or changed, means that one was under way. */
static uint64_t storm_sends(const struct storm *s, bool *under_way)
{
	uint64_t done = 0, begun = 0;
	unsigned int i;

	for (i = 0; i < SENDERS; i++)
		done += __atomic_load_n(&s->sender[i].done, __ATOMIC_SEQ_CST);
	for (i = 0; i < SENDERS; i++)
		begun += __atomic_load_n(&s->sender[i].begun, __ATOMIC_SEQ_CST);
	*under_way |= begun != done;
	return begun;
}

static void storm_disturb(struct storm *s, void (*disturb)(struct storm *s))
{
	bool under_way = false;
	uint64_t before = storm_sends(s, &under_way);

	disturb(s);
	s->n++;
	s->disturbances++;
	s->overlaps += storm_sends(s, &under_way) != before || under_way;
	verdict_progress();
}

static void storm_end(struct storm *s)
{
	unsigned int i;

	for (i = 0; i < SENDERS; i++) {
		__atomic_store_n(&s->stop, i == GUEST ? 2 : 1, __ATOMIC_RELAXED);
		pthread_join(s->sender[i].thread, NULL);
	}
	for (i = 0; i < EVENT_WORDS; i++)
		if (s->e.shared->pending[i])
			event_lost(&s->e, i * 64, "nothing was sent to this word of ports");
	if (s->e.info->pending_sel)
		event_lost(&s->e, 0, "pending_sel has bits that nobody has sent");
	verdict_note("%llu events by ioctl, %llu by irqfd, %llu by the guest",
		     (unsigned long long)s->sender[IOCTL].done,
		     (unsigned long long)s->sender[IRQFD].done,
		     (unsigned long long)s->sender[GUEST].done);
	verdict_exercised(s->disturbances, s->overlaps);
	event_close(&s->e);
}

static void churn_slot(struct storm *s)
{
	event_churn(&s->e);
}

static void migrate(struct storm *s)
{
	event_migrate(&s->e, s->n);
}

/* While there is a child, who writes gets a page of his own: KVM writes for the parent. */
static void fork_pages(struct storm *s)
{
	unsigned int turn;
	pid_t pid = fork();

	(void)s;
	verdict_require(pid >= 0, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	for (turn = 0; turn < FORK_TURNS; turn++)
		sched_yield();
	kill(pid, SIGKILL);
	verdict_require(waitpid(pid, NULL, 0) == pid, "waitpid");
}

/* Dirty first: a page that only KVM has written to may be lost, docs/findings.md, 6. */
static void swap_pages(struct storm *s)
{
	((volatile struct xen_shared_info *)s->e.shared)->wc_nsec++;
	((volatile struct xen_vcpu_info *)s->e.info)->arch[0]++;
	event_operate(&s->e, OP_PAGE_OUT);
}

static void create_vcpu(struct storm *s)
{
	unsigned int id = 1 + s->n % (VM_VCPUS_MAX - 1);

	if (!s->vcpus[id])
		s->vcpus[id] = vcpu_create_bare(s->e.vm, id);
}

static void run_storm(const struct run *run)
{
	void (*disturb)(struct storm *s) = *(void (*const *)(struct storm *s))run->arg;
	struct storm s;
	uint64_t i;

	storm_begin(&s);
	for (i = 0; i < run->iterations; i++)
		storm_disturb(&s, disturb);
	storm_end(&s);
}

/* Sent while the vCPU has no vcpu_info: in shared_info at once, in vcpu_info when there is one. */
static void info_off(const struct run *run)
{
	const uint32_t port = event_port(EVENT_IOCTL, 0);
	const unsigned int type = KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO;
	struct event_vm e;
	unsigned int n;
	uint64_t i;
	int r;

	event_open(&e);
	for (i = 0; i < run->iterations; i++) {
		r = __xen_vcpu_set(e.agent->vcpu, type, XEN_NOWHERE);
		if (r || __event_send_ioctl(&e, port))
			event_lost(&e, port, "cannot be sent without vcpu_info");
		if (!event_pending(&e, port) || event_selected(&e, port))
			event_lost(&e, port, "was sent without vcpu_info");
		r = __xen_vcpu_set(e.agent->vcpu, type, EVENT_GPA + EVENT_PAGE);
		/* An exit that KVM deals with itself is what delivers it. */
		for (n = 0; !r && n < 2 && !event_selected(&e, port); n++) {
			event_send_guest(&e, event_port(EVENT_HYPERCALL, 0));
			event_clear(&e, event_port(EVENT_HYPERCALL, 0));
		}
		if (!event_selected(&e, port))
			event_lost(&e, port, "was sent without vcpu_info, and is not delivered now");
		event_clear(&e, port);
		verdict_progress();
	}
	event_close(&e);
}

#define STORM(fn)	run_storm, &(void (*const)(struct storm *s)){ fn }

static const struct subtest subtests[] = {
	{ "event/slots", "no event is lost or invented while memslots change", STORM(churn_slot) },
	{ "event/migrate", "no event is lost or invented while the pages move between nodes",
	  STORM(migrate) },
	{ "event/fork", "no event is lost or invented while a child shares the pages",
	  STORM(fork_pages) },
	{ "event/swap", "no event is lost or invented while the pages are swapped out",
	  STORM(swap_pages) },
	{ "event/vcpus", "no event is lost or invented while vCPUs are created",
	  STORM(create_vcpu) },
	{ "event/info-off", "an event sent while there is no vcpu_info waits for it",
	  info_off },
};

TEST_PROGRAM("pfncache_event_test", subtests, .iterations = 50)
