/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A word, its host and its owner, simulated step by step.  An operation of the host is
 * a begin, its effects (reset of a copy, switch to the next state) in any order, and an
 * end; an access takes effect at one point, with any number of the host's steps before
 * and after that point but still within the access.
 */
#ifndef CELL_WORD_H
#define CELL_WORD_H

#include <stdbool.h>
#include "abi/cell.h"
#include "abi/prng.h"

enum effect { EFFECT_RESET0, EFFECT_RESET1, EFFECT_SWITCH, EFFECTS };

struct word {
	struct timeline t;
	struct cell c;
	struct prng prng;
	uint64_t truth[2];	/* what is in the copies */
	uint64_t last;		/* token written last */
	uint8_t state;		/* what an access reaches now */
	uint8_t next;		/* where the operation under way leads */
	uint8_t due;		/* its effects to come, a bit each */
	uint8_t forbidden;	/* TIMELINE_* that no operation may have */
	unsigned int settled;	/* reads for which the model left one answer only */
};

static inline void word_init(struct word *w, uint64_t seed)
{
	*w = (struct word){ .prng = { seed }, .last = 1 };
	cell_init(&w->c, 0, 0, 0);
}

static inline unsigned int below(struct word *w, unsigned int n)
{
	return prng_below(&w->prng, n);
}

static inline bool host_busy(const struct word *w)
{
	return w->t.epoch & 1;
}

static inline void host_begin(struct word *w, uint8_t next)
{
	w->next = next;
	w->due = 1 << EFFECT_SWITCH;
	if (next & TIMELINE_RESET0)
		w->due |= 1 << EFFECT_RESET0;
	if (next & TIMELINE_RESET1)
		w->due |= 1 << EFFECT_RESET1;
	timeline_begin(&w->t, next);
}

static inline void host_effect(struct word *w)
{
	unsigned int effect = below(w, EFFECTS);

	while (!(w->due & 1 << effect))
		effect = (effect + 1) % EFFECTS;
	w->due &= ~(1 << effect);
	if (effect == EFFECT_SWITCH)
		w->state = w->next;
	else
		w->truth[effect == EFFECT_RESET1] = 0;
}

static inline void host_step(struct word *w)
{
	if (!host_busy(w))
		host_begin(w, below(w, 16) & ~w->forbidden);
	else if (w->due)
		host_effect(w);
	else
		timeline_end(&w->t);
}

/* Most accesses meet nothing or little; a few are preempted for long. */
static inline void host_steps(struct word *w)
{
	unsigned int n = below(w, 3) ? 0 : below(w, 8) ? below(w, 4) : below(w, 60);

	while (n--)
		host_step(w);
}

static inline void host_finish(struct word *w)
{
	while (host_busy(w))
		host_step(w);
}

/* One whole operation to exactly this state. */
static inline void host_goto(struct word *w, uint8_t state)
{
	host_finish(w);
	host_begin(w, state);
	host_finish(w);
}

static inline uint64_t word_load(const struct word *w)
{
	return w->state & TIMELINE_ABSENT ? WATCH_ABSENT : w->truth[w->state & TIMELINE_COPY];
}

static inline void word_store(struct word *w, uint64_t value)
{
	if (!(w->state & TIMELINE_ABSENT))
		w->truth[w->state & TIMELINE_COPY] = value;
}

static inline bool word_read(struct word *w)
{
	uint64_t before = w->t.epoch, value;

	host_steps(w);
	value = word_load(w);
	host_steps(w);
	if (!cell_read(&w->c, &w->t, value, before, w->t.epoch))
		return false;
	/* Would the model have noticed something else? */
	w->settled += before == w->t.epoch && !(before & 1) &&
		      !cell_read(&w->c, &w->t, ~value, before, before);
	return true;
}

static inline void word_write(struct word *w)
{
	uint64_t before = w->t.epoch, value = ++w->last;

	host_steps(w);
	word_store(w, value);
	host_steps(w);
	cell_write(&w->c, &w->t, value, before, w->t.epoch);
}

static inline bool word_exchange(struct word *w)
{
	uint64_t before = w->t.epoch, found, value = ++w->last;
	bool legal;

	host_steps(w);
	found = word_load(w);
	word_store(w, value);
	host_steps(w);
	legal = cell_read(&w->c, &w->t, found, before, w->t.epoch);
	cell_write(&w->c, &w->t, value, before, w->t.epoch);
	return legal;
}

static inline bool word_access(struct word *w)
{
	host_steps(w);
	if (below(w, 2))
		host_finish(w);
	switch (below(w, 4)) {
	case 0:
		word_write(w);
		return true;
	case 1:
		return word_exchange(w);
	default:
		return word_read(w);
	}
}

static inline bool word_history(struct word *w, unsigned int accesses)
{
	while (accesses--)
		if (!word_access(w))
			return false;
	return true;
}

/* Some operations that may not do what is forbidden, watched by reads only. */
static inline bool word_watch(struct word *w, unsigned int accesses, uint8_t forbidden)
{
	bool legal = true;

	w->forbidden = forbidden;
	while (accesses-- && legal) {
		if (!below(w, 3))
			host_step(w);
		legal = word_read(w);
	}
	host_finish(w);
	w->forbidden = 0;
	return legal;
}

/* A write that overlaps nothing; its token. */
static inline uint64_t definite_write(struct word *w)
{
	uint64_t value = ++w->last;

	word_store(w, value);
	cell_write(&w->c, &w->t, value, w->t.epoch, w->t.epoch);
	return value;
}

static inline bool definite_read(struct word *w, uint64_t value)
{
	return cell_read(&w->c, &w->t, value, w->t.epoch, w->t.epoch);
}

#endif /* CELL_WORD_H */
