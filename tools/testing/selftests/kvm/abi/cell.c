// SPDX-License-Identifier: GPL-2.0-only
/* The single-writer model of one word; see cell.h. Built for the guest and for the host. */
#include "abi/cell.h"

static void copy_set(struct cell_copy *k, uint64_t value)
{
	k->value[0] = value;
	k->count = 1;
	k->any = 0;
}

static bool copy_has(const struct cell_copy *k, uint64_t value)
{
	unsigned int i;

	if (k->any)
		return true;
	for (i = 0; i < k->count; i++)
		if (k->value[i] == value)
			return true;
	return false;
}

static void copy_add(struct cell_copy *k, uint64_t value)
{
	if (copy_has(k, value))
		return;
	if (k->count == CELL_CANDIDATES)
		k->any = 1;
	else
		k->value[k->count++] = value;
}

static bool state_resets(uint8_t state, unsigned int copy)
{
	return state & (copy ? TIMELINE_RESET1 : TIMELINE_RESET0);
}

static void cell_forget(struct cell *c, uint64_t q)
{
	c->copy[0].any = 1;
	c->copy[1].any = 1;
	c->applied = q;
}

/*
 * Has the host overwritten states from @q on while the actor looked at them?  Pair 4 of
 * timeline.h: if the place of state q held state n = q + TIMELINE_STATES, the epoch is 2n - 3
 * at least, and epoch / 2 + 2 would be enough.
 */
static bool timeline_overrun(const struct timeline *t, uint64_t q)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&t->epoch, __ATOMIC_ACQUIRE) / 2 + 3 >= q + TIMELINE_STATES;
}

/* Account for every operation that had returned before an access in state @q began. */
static void cell_catch_up(struct cell *c, const struct timeline *t, uint64_t q)
{
	uint64_t oldest = c->applied + 1;
	unsigned int copy;

	while (c->applied < q && !timeline_overrun(t, c->applied + 1)) {
		uint8_t state = timeline_state(t, ++c->applied);

		for (copy = 0; copy < 2; copy++)
			if (state_resets(state, copy))
				copy_set(&c->copy[copy], 0);
	}
	if (c->applied < q || timeline_overrun(t, oldest))
		cell_forget(c, q);
}

void cell_init(struct cell *c, uint64_t q, uint64_t value0, uint64_t value1)
{
	copy_set(&c->copy[0], value0);
	copy_set(&c->copy[1], value1);
	c->applied = q;
}

void cell_write(struct cell *c, const struct timeline *t, uint64_t value,
		uint64_t before, uint64_t after)
{
	uint64_t first = before / 2, last = (after + 1) / 2, q;
	bool absent = false;
	unsigned int copies = 0, copy;

	cell_catch_up(c, t, first);
	for (q = first; q <= last; q++) {
		uint8_t state = timeline_state(t, q);

		if (state & TIMELINE_ABSENT)
			absent = true;
		else
			copies |= 1u << (state & TIMELINE_COPY);
	}
	for (copy = 0; copy < 2; copy++) {
		if (!(copies & 1u << copy))
			continue;
		if (copies == 1u << copy && !absent)
			copy_set(&c->copy[copy], value);
		else
			copy_add(&c->copy[copy], value);
	}
	/* A reset that the write overlapped may have come after it. */
	for (q = first + 1; q <= last; q++)
		for (copy = 0; copy < 2; copy++)
			if (state_resets(timeline_state(t, q), copy))
				copy_add(&c->copy[copy], 0);
	c->applied = last;
	if (timeline_overrun(t, first))
		cell_forget(c, last);
}

bool cell_read(struct cell *c, const struct timeline *t, uint64_t value,
	       uint64_t before, uint64_t after)
{
	uint64_t first = before / 2, last = (after + 1) / 2, q;

	cell_catch_up(c, t, first);
	for (q = first; q <= last; q++) {
		uint8_t state = timeline_state(t, q);
		struct cell_copy *k = &c->copy[state & TIMELINE_COPY];
		bool legal;

		if (state & TIMELINE_ABSENT)
			legal = value == WATCH_ABSENT;
		else
			legal = copy_has(k, value);
		/* Within an operation the reset may be done in part of the page only. */
		if (q > first && !value)
			legal |= state_resets(state, 0) || state_resets(state, 1);
		if (!legal)
			continue;
		/* Not the state that the read met: nothing may be concluded from it. */
		if (timeline_overrun(t, first))
			break;
		if (first == last && !(state & TIMELINE_ABSENT))
			copy_set(k, value);
		return true;
	}
	if (!timeline_overrun(t, first))
		return false;
	cell_forget(c, last);
	return true;
}

uint64_t cell_expected(const struct cell *c, const struct timeline *t, uint64_t q)
{
	uint8_t state = timeline_state(t, q);

	return state & TIMELINE_ABSENT ? WATCH_ABSENT : c->copy[state & TIMELINE_COPY].value[0];
}
