// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs keep reading and writing guest memory, without leaving the guest, while its
 * memslot is deleted or the file behind it is closed.  From the moment that the host's
 * call has returned, no access gets through, and what comes back is what was there
 * before, or, with a new file, zero.
 */
#include <sched.h>
#include "harness/known_issues.h"
#include "scenario/scenario.h"

/*
 * A deleted slot leaves a hole: shared accesses become MMIO, private ones memory
 * faults, which the vCPU's thread repeats until the slot is back.
 */
static void unplug(struct watchers *w, struct prng *prng)
{
	(void)prng;
	watchers_begin(w, 0, w->pages, TIMELINE_ABSENT);
	memory_unplug(w->ram);
	watchers_end(w, 0, w->pages);
	if (w->ram->kind != MEMORY_SPLIT)
		watchers_pass(w);
	watchers_begin(w, 0, w->pages, 0);
	memory_plug(w->ram);
	watchers_end(w, 0, w->pages);
	watchers_pass(w);
}

/*
 * The same without waiting for anybody, many times: accesses to the hole and accesses
 * to the new slot meet in the fault path.
 */
static void churn(struct watchers *w, struct prng *prng)
{
	int i;

	(void)prng;
	for (i = 0; i < 4; i++) {
		watchers_begin(w, 0, w->pages, TIMELINE_ABSENT);
		memory_unplug(w->ram);
		watchers_end(w, 0, w->pages);
		watchers_begin(w, 0, w->pages, 0);
		memory_plug(w->ram);
		watchers_end(w, 0, w->pages);
		watchers_check(w);
		verdict_progress();
	}
	watchers_pass(w);
}

/* Go on only when every vCPU has been turned away since @before. */
static void wait_for_faults(struct watchers *w, const uint64_t *before)
{
	unsigned int i;

	for (i = 0; i < w->agent_count; i++) {
		uint64_t accesses = __atomic_load_n(&w->watches[i]->accesses, __ATOMIC_RELAXED);

		/* A vCPU that gets through instead is what watchers_check() reports. */
		while (__atomic_load_n(&w->agents[i]->faults, __ATOMIC_RELAXED) == before[i] &&
		       __atomic_load_n(&w->watches[i]->accesses, __ATOMIC_RELAXED) < accesses + 2) {
			watchers_check(w);
			sched_yield();
		}
		verdict_progress();
	}
	watchers_check(w);
}

static void count_faults(const struct watchers *w, uint64_t *faults)
{
	unsigned int i;

	for (i = 0; i < w->agent_count; i++)
		faults[i] = __atomic_load_n(&w->agents[i]->faults, __ATOMIC_RELAXED);
}

/*
 * The last reference to the file goes while the slot still points at it.  A vCPU that takes a
 * fault at that time has a reference too, and puts off the release until it is through.  So
 * the mapping goes first, which makes KVM unmap the slot, and all the faults that follow are
 * over before the file is closed.
 */
static void close_file(struct watchers *w, struct prng *prng)
{
	uint64_t faults[WATCHERS_MAX];

	(void)prng;
	if (w->ram->vm->level == VM_LEVEL_EMULATOR)
		verdict_skip("KVM's emulator reaches memory by the host's mapping, which goes first here");
	memory_hide(w->ram);
	watchers_pass(w);
	watchers_begin(w, 0, w->pages, TIMELINE_ABSENT);
	memory_close(w->ram);
	watchers_end(w, 0, w->pages);
	count_faults(w, faults);
	wait_for_faults(w, faults);
	watchers_begin(w, 0, w->pages, TIMELINE_RESET0);
	memory_unplug(w->ram);
	memory_reopen(w->ram);
	memory_plug(w->ram);
	watchers_end(w, 0, w->pages);
	watchers_pass(w);
}

static const struct subtest subtests[] = {
	{ "stale/slot-private", "no private access gets through a deleted slot; contents survive it",
	  SCENARIO(MEMORY_PRIVATE, 16, 2, 0, unplug), &known_hole_warn },
	{ "stale/slot-shared",
	  "no access gets through a deleted slot of shared memory; contents survive it",
	  SCENARIO(MEMORY_SHARED, 16, 2, 0, unplug), &known_hole_warn },
	{ "stale/slot-sealed", "no access gets through a deleted slot on a sealed file; contents survive it",
	  SCENARIO(MEMORY_SEALED, 16, 2, 0, unplug), &known_hole_warn },
	{ "stale/slot-anonymous",
	  "no access gets through a deleted slot of anonymous memory; contents survive it",
	  SCENARIO(MEMORY_ANON, 16, 2, 0, unplug), &known_hole_warn },
	{ "stale/slot-churn-private",
	  "private slots that come and go in quick succession hide nothing and lose nothing",
	  SCENARIO(MEMORY_PRIVATE, 4, 2, 0, churn), &known_hole_warn },
	{ "stale/slot-churn-shared",
	  "shared slots that come and go in quick succession hide nothing and lose nothing",
	  SCENARIO(MEMORY_SHARED, 4, 2, 0, churn), &known_hole_warn },
	{ "stale/close-private", "no access gets through once the last file descriptor is closed",
	  SCENARIO(MEMORY_PRIVATE, 16, 2, 0, close_file), &known_hole_warn },
	{ "stale/close-sealed", "no access gets through once a sealed file and its mapping are closed",
	  SCENARIO(MEMORY_SEALED, 16, 2, 0, close_file), &known_hole_warn },
	{ "stale/close-shared", "no access gets through once file and mapping are gone",
	  SCENARIO(MEMORY_SHARED, 16, 2, 0, close_file), &known_hole_warn },
};

TEST_PROGRAM("gmem_stale_slot_test", subtests)
