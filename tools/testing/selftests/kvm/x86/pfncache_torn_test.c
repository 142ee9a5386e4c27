// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader beside KVM's writes: what the protocol of a structure calls consistent must be.
 *
 *	kvmclock	version is odd while KVM writes: the same even version, the same contents
 *	runstate	XEN_RUNSTATE_UPDATE is set while KVM writes: without it times add up
 *
 * Tokens rise, so an older one after a newer one is a write that came late.
 */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include "abi/array.h"
#include "harness/nodes.h"
#include "harness/runner.h"
#include "pfncache/window.h"

#define CLOCK_TOKEN(c)	((c)->system_time >> 40)

struct reader {
	const uint8_t *memory;
	bool runstate;
	pthread_t thread;
	uint32_t stop;
	uint64_t reads;
	uint64_t busy;		/* reads that met a write under way */
	struct pvclock last;
	struct xen_runstate last_runstate;
};

static void clock_read(struct reader *r)
{
	struct pvclock c;

	if (!pvclock_read(r->memory, &c)) {
		__atomic_fetch_add(&r->busy, 1, __ATOMIC_RELAXED);
		return;
	}
	if (c.version == r->last.version && memcmp(&c, &r->last, sizeof(c)))
		verdict_fail(VERDICT_LOST_WRITE,
			     "kvmclock changed under version %u: system_time %#llx became %#llx",
			     c.version, (unsigned long long)r->last.system_time,
			     (unsigned long long)c.system_time);
	if (CLOCK_TOKEN(&c) < CLOCK_TOKEN(&r->last))
		verdict_fail(VERDICT_STALE_MAPPING, "kvmclock went back from token %llu to %llu",
			     (unsigned long long)CLOCK_TOKEN(&r->last),
			     (unsigned long long)CLOCK_TOKEN(&c));
	r->last = c;
}

static uint64_t entry_time_read(const uint8_t *memory)
{
	uint64_t value;

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	memcpy(&value, memory + offsetof(struct xen_runstate, entry_time), sizeof(value));
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return value;
}

/* KVM changes one byte of entry_time first and last; so a reader looks at it three times. */
static void runstate_read(struct reader *r)
{
	uint64_t before = entry_time_read(r->memory), sum = 0;
	struct xen_runstate s;
	unsigned int i;

	memcpy(&s, r->memory, sizeof(s));
	if (before & XEN_RUNSTATE_UPDATE || s.entry_time != before ||
	    entry_time_read(r->memory) != before) {
		__atomic_fetch_add(&r->busy, 1, __ATOMIC_RELAXED);
		return;
	}
	for (i = 0; i < XEN_STATES; i++)
		sum += s.time[i];
	if (sum != s.entry_time)
		verdict_fail(VERDICT_LOST_WRITE,
			     "runstate without update flag: times add up to %#llx, entry_time is %#llx",
			     (unsigned long long)sum, (unsigned long long)s.entry_time);
	if (s.time[XEN_OFFLINE] < r->last_runstate.time[XEN_OFFLINE])
		verdict_fail(VERDICT_STALE_MAPPING, "runstate went back to an older token");
	r->last_runstate = s;
}

static void *reader_thread(void *arg)
{
	struct reader *r = arg;

	nodes_pin(1);
	while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED)) {
		if (r->runstate)
			runstate_read(r);
		else
			clock_read(r);
		__atomic_store_n(&r->reads, r->reads + 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* On a busy machine the two meet rarely: then there are so many times as many writes. */
#define ENOUGH	50
#define MORE	3

static bool met_enough(const struct reader *r)
{
	return __atomic_load_n(&r->busy, __ATOMIC_RELAXED) >= ENOUGH;
}

static void torn(const struct run *run)
{
	const struct pfncache_kind *kind = run->arg;
	struct window w;
	struct reader r = { 0 };
	/* No vCPU is entered for a runstate: the same time allows for more. */
	uint64_t i, writes = run->iterations * (kind->split ? 50 : 1), most = MORE * writes;

	if (!window_open(&w, kind, invalidator_find("remap")))
		verdict_skip("no %s in this kernel (KVM_CAP_XEN_HVM is %#x)", kind->name,
			     xen_features());
	if (kind->split && !(xen_features() & KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG))
		verdict_skip("no update flag in this kernel's runstate");
	r.memory = w.hva + w.offset + kind->clock;
	r.runstate = kind->split;
	nodes_pin(0);
	/* What there was before is KVM's own account of the time so far, and no token. */
	pfncache_use(&w.p, kind, 1);
	verdict_require(!pthread_create(&r.thread, NULL, reader_thread, &r), "thread");
	while (!__atomic_load_n(&r.reads, __ATOMIC_RELAXED))
		sched_yield();
	for (i = 0; i < (met_enough(&r) ? writes : most); i++) {
		pfncache_use(&w.p, kind, 1 + i * (PFNCACHE_TOKENS - 1) / most);
		verdict_progress();
	}
	__atomic_store_n(&r.stop, 1, __ATOMIC_RELAXED);
	pthread_join(r.thread, NULL);
	verdict_exercised(r.reads, r.busy);
	window_close(&w);
}

#define TORN(n)		torn, &pfncache_kinds[n]

static const struct subtest subtests[] = {
	{ "torn/pv-time", "kvmclock is consistent whenever its version is even", TORN(0) },
	{ "torn/vcpu-info", "Xen's clock in vcpu_info is consistent whenever its version is even",
	  TORN(2) },
	{ "torn/vcpu-time",
	  "Xen's clock in vcpu_time_info is consistent whenever its version is even", TORN(4) },
	{ "torn/runstate", "runstate times add up whenever the update flag is clear", TORN(7) },
};

TEST_PROGRAM("pfncache_torn_test", subtests, .iterations = 12000)
