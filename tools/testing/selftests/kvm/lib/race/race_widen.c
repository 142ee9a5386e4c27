// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "harness/nodes.h"
#include "harness/page.h"
#include "harness/verdict.h"
#include "race/widen_parts.h"

/* How often a fault that is held open looks whether the other operation is over. */
#define HOLD_LOOKS	200

struct race_widen {
	struct race *race;
	pthread_t threads[2];	/* who disturbs, and who holds faults open */
	int uffd;		/* -1: no faults are held */
	uint32_t stop;
};

static void idle(long ns)
{
	const struct timespec t = { .tv_nsec = ns };

	nanosleep(&t, NULL);
}

/* The threads of both sides; the caller of race_run() is one of them, or waits. */
static void disturb(struct race_widen *w, unsigned int i)
{
	struct race *r = w->race;
	unsigned int k;

	for (k = 0; k < 2; k++) {
		pthread_t thread = r->side[k]->guest ? r->guest[r->actor[k].vcpu].agent->thread :
				   r->actor[k].helper ? r->actor[k].thread : r->caller;

		if (r->widen & RACE_WIDEN_SIGNAL)
			pthread_kill(thread, SIGUSR1);
		if (r->widen & RACE_WIDEN_AFFINITY)
			nodes_pin_thread(thread, i + k);
	}
}

static void *disturb_thread(void *arg)
{
	struct race_widen *w = arg;
	unsigned int i;

	for (i = 0; !__atomic_load_n(&w->stop, __ATOMIC_RELAXED); i++) {
		disturb(w, i);
		idle(100000);
	}
	return NULL;
}

/* Until the other operation is over, if there is one and it does not wait for this fault. */
static void hold(const struct race *r)
{
	const struct fuzzy_side *side = r->sync.gate->side;
	unsigned int look;

	for (look = 0; look < HOLD_LOOKS; look++) {
		uint64_t turn = __atomic_load_n(&side[0].turn, __ATOMIC_ACQUIRE);

		if (__atomic_load_n(&side[0].done, __ATOMIC_ACQUIRE) >= turn ||
		    __atomic_load_n(&side[1].done, __ATOMIC_ACQUIRE) >= turn)
			return;
		idle(10000);
	}
}

static void *hold_thread(void *arg)
{
	struct race_widen *w = arg;
	struct pollfd p = { .fd = w->uffd, .events = POLLIN };
	struct uffd_msg msg;

	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
		struct uffdio_zeropage zero = { .range.len = page_size() };

		if (poll(&p, 1, 10) <= 0 || read(w->uffd, &msg, sizeof(msg)) != sizeof(msg))
			continue;
		hold(w->race);
		zero.range.start = msg.arg.pagefault.address & -page_size();
		/* It may have been unmapped, or filled, meanwhile. */
		if (ioctl(w->uffd, UFFDIO_ZEROPAGE, &zero))
			ioctl(w->uffd, UFFDIO_WAKE, &zero.range);
	}
	return NULL;
}

void race_widen_round(struct race_widen *w)
{
	struct uffdio_register area;

	if (!w || w->uffd < 0)
		return;
	area = (struct uffdio_register){
		.range = { (uintptr_t)w->race->stage->memory->hva, RACE_PAGES * page_size() },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	verdict_require(!ioctl(w->uffd, UFFDIO_REGISTER, &area), "UFFDIO_REGISTER");
}

/* A guest_memfd is not userfaultfd's to watch. */
static void open_uffd(struct race_widen *w)
{
	struct uffdio_api api = { .api = UFFD_API };

	w->uffd = -1;
	if (!(w->race->widen & RACE_WIDEN_USERFAULT))
		return;
	if (memory_kind_mapped(w->race->kind))
		verdict_skip("userfaultfd does not serve a guest_memfd");
	w->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (w->uffd < 0)
		verdict_skip("no userfaultfd: %m");
	verdict_require(!ioctl(w->uffd, UFFDIO_API, &api), "UFFDIO_API");
}

struct race_widen *race_widen_start(struct race *r)
{
	struct race_widen *w;

	if (!r->widen)
		return NULL;
	w = calloc(1, sizeof(*w));
	verdict_require(w, "out of memory");
	w->race = r;
	open_uffd(w);
	if (pthread_create(&w->threads[0], NULL, disturb_thread, w) ||
	    (w->uffd >= 0 && pthread_create(&w->threads[1], NULL, hold_thread, w)))
		verdict_fail(VERDICT_SETUP, "cannot start a thread");
	return w;
}

void race_widen_stop(struct race_widen *w)
{
	if (!w)
		return;
	__atomic_store_n(&w->stop, 1, __ATOMIC_RELAXED);
	pthread_join(w->threads[0], NULL);
	if (w->uffd >= 0) {
		pthread_join(w->threads[1], NULL);
		close(w->uffd);
	}
	free(w);
}
