// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pfncache is refreshed and used while its page is pulled away.  Each round:
 *
 *	1. the page is pulled away, so that the next use has to refresh
 *	2. a use races a second pull
 *	3. what that pull took away must not change any more
 *	4. one more use, with nobody beside it, shows where it should, and nowhere else
 *
 * Of invalidators that keep contents the use that raced must show too: a write that went to
 * the page that was copied, after it was copied, is missing from the copy.
 */
#include <stdlib.h>
#include <string.h>
#include "abi/array.h"
#include "aim/opponent.h"
#include "harness/clock.h"
#include "harness/runner.h"
#include "pfncache/window.h"

/* Of each kind of cache, however slow the machine. */
#define ROUNDS_MIN	8

/* Over all kinds: more than one only where the two sides have not met at all so far. */
#define LAPS		4

struct race {
	struct window w;
	struct opponent opponent;
	uint32_t token;
	int result;		/* of the last use */
	uint64_t round;
	uint8_t old[WINDOW_FRAMES * WINDOW_SIZE];
};

static void use(void *arg)
{
	struct race *r = arg;

	r->result = r->w.kind->use(&r->w.p, r->token);
}

/* Tokens that come round again must not find themselves in memory. */
static void next_token(struct race *r)
{
	if (++r->token <= PFNCACHE_TOKENS)
		return;
	r->token = 1;
	memset(r->w.hva, 0, WINDOW_SIZE);
}

static void check_bytes(const struct race *r, const uint8_t *is, const uint8_t *was,
			const char *when)
{
	const struct window *w = &r->w;
	unsigned int i;

	for (i = 0; i < WINDOW_SIZE; i++)
		if (is[i] != was[i])
			verdict_fail(VERDICT_STALE_MAPPING,
				     "%s, %s, round %llu: byte %#x of what was taken away was %#x and is %#x, %s, token %u",
				     w->kind->name, w->invalidator->name,
				     (unsigned long long)r->round, i, was[i], is[i], when,
				     r->token);
}

/* Of a memfd all frames can be seen, also those taken away in rounds before. */
static void remember_old(struct race *r)
{
	const struct window *w = &r->w;

	if (w->frames)
		memcpy(r->old, w->frames, sizeof(r->old));
	else if (w->old)
		memcpy(r->old, w->old, WINDOW_SIZE);
}

/* @present: the window shows memory again, which KVM may write to. */
static void check_old(const struct race *r, bool present, const char *when)
{
	const struct window *w = &r->w;
	unsigned int n;

	if (!w->frames && w->old && !(present && w->old == w->hva))
		check_bytes(r, w->old, r->old, when);
	for (n = 0; w->frames && n < WINDOW_FRAMES; n++)
		if (!(present && n == w->frame))
			check_bytes(r, window_frame(w, n), r->old + n * WINDOW_SIZE, when);
}

static void check_shows(const struct race *r, const char *when)
{
	if (r->result)
		verdict_fail(VERDICT_ABI, "%s, %s, round %llu: use %s: %s", r->w.kind->name,
			     r->w.invalidator->name, (unsigned long long)r->round, when,
			     strerror(-r->result));
	if (!window_shows(&r->w, r->token))
		verdict_fail(VERDICT_LOST_WRITE,
			     "%s, %s, round %llu: token %u, written %s, is not in the memory that is there",
			     r->w.kind->name, r->w.invalidator->name,
			     (unsigned long long)r->round, r->token, when);
}

static void race_pull(struct race *r)
{
	struct window *w = &r->w;

	opponent_begin(&r->opponent);
	window_pull(w);
	opponent_end(&r->opponent);
	remember_old(r);
	opponent_wait(&r->opponent);
	check_old(r, !w->invalidator->fails, "by the use that raced");
}

static void race_round(struct race *r)
{
	const struct invalidator *inv = r->w.invalidator;
	/* Without memory there is nothing to look for until it is given back. */
	const bool absent = inv->fails;

	if (!window_gives(&r->w) || absent) {
		window_pull(&r->w);
		if (window_gives(&r->w))
			window_give(&r->w);
	}
	next_token(r);
	race_pull(r);
	if (absent) {
		opponent_alone(&r->opponent);
		check_old(r, false, "by a use while it was away");
		window_give(&r->w);
	} else if (inv->keeps) {
		check_shows(r, "in the race");
	}
	next_token(r);
	opponent_alone(&r->opponent);
	check_old(r, true, "by the use after the race");
	check_shows(r, "after the race");
	if (window_gives(&r->w) && !absent)
		window_give(&r->w);
}

/* As many rounds as were asked for, but on a slow machine only as many as there is time. */
static void race_kind(struct race *r, const struct run *run, const struct pfncache_kind *kind)
{
	double end = clock_seconds() + run->duration / PFNCACHE_KINDS;

	if (!window_open(&r->w, kind, invalidator_find(run->arg)))
		return;
	for (r->round = 0; r->round < run->iterations && !window_used_up(&r->w); r->round++) {
		if (r->round >= ROUNDS_MIN && run->duration && clock_seconds() > end)
			break;
		race_round(r);
		verdict_progress();
	}
	window_close(&r->w);
}

/* One opponent for all kinds: what it learns about the aim at one serves the next. */
static void race(const struct run *run)
{
	struct race *r = calloc(1, sizeof(*r));
	const struct pfncache_kind *kind;
	unsigned int lap;

	verdict_require(r, "out of memory");
	opponent_start(&r->opponent, use, r, run->seed);
	for (lap = 0; lap < LAPS && !r->opponent.sync.overlaps; lap++)
		for (kind = pfncache_kinds; kind->name; kind++)
			race_kind(r, run, kind);
	opponent_stop(&r->opponent);
	free(r);
}

#define RACE(name)	race, name

static const struct subtest subtests[] = {
	{ "pfncache/remap", "KVM does not write to memory any more that was mapped over",
	  RACE("remap") },
	{ "pfncache/unmap", "KVM does not write to unmapped memory, and uses it again when it is back",
	  RACE("unmap") },
	{ "pfncache/remap-outside",
	  "KVM does not write to memory any more that was mapped over, in no memslot",
	  RACE("remap-outside") },
	{ "pfncache/unmap-outside", "KVM does not write to unmapped memory that is in no memslot",
	  RACE("unmap-outside") },
	{ "pfncache/discard", "KVM writes to the memory that is there after MADV_DONTNEED",
	  RACE("discard") },
	{ "pfncache/protect", "KVM does not write to memory while it is read-only",
	  RACE("protect") },
	{ "pfncache/migrate", "no write of KVM's is lost when the page moves to another node",
	  RACE("migrate") },
	{ "pfncache/swap", "no write of KVM's is lost when the page is swapped out",
	  RACE("swap") },
	{ "pfncache/fork", "a child's copy does not change when KVM writes to the parent's",
	  RACE("fork") },
	{ "pfncache/punch", "KVM does not write to a punched page of a guest_memfd any more",
	  RACE("punch") },
	{ "pfncache/file-close", "KVM does not use the mapping of a closed guest_memfd, and uses the new one",
	  RACE("file-close") },
	{ "pfncache/slot-replace", "KVM does not write to a deleted memslot's memory any more",
	  RACE("slot-replace") },
	{ "pfncache/slot-move", "KVM does not write through a moved memslot's old address",
	  RACE("slot-move") },
	{ "pfncache/other-slot", "no write of KVM's is lost when another memslot comes and goes",
	  RACE("other-slot") },
	{ "pfncache/point", "a cache that was moved writes to its new place only", RACE("point") },
	{ "pfncache/vcpu-create", "no write of KVM's is lost when a vCPU is created",
	  RACE("vcpu-create") },
	{ "pfncache/convert", "KVM uses shared memory again when it is shared again",
	  RACE("convert") },
};

/* Rounds of each kind of cache; seconds of all kinds together. */
TEST_PROGRAM("pfncache_race_test", subtests, .iterations = 1000, .duration = 0.5)
