// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keep using memory that the host pulls away, and judge every value read.
 * Built for the guest agent and for host threads; see agent_abi.h and timeline.h.
 */
#include "abi/agent_abi.h"
#include "abi/word.h"

/*
 * Ordering, see timeline.h.  The first look acquires, so the access comes after what
 * timeline_end() released (pair 2).  After the access a full barrier, and not just for
 * reads: a write has to be visible before the second look, or it might land in a state
 * that the model does not know it overlapped (pair 1).
 */
static uint64_t epoch_before(const struct timeline *t)
{
	return __atomic_load_n(&t->epoch, __ATOMIC_ACQUIRE);
}

static uint64_t epoch_after(const struct timeline *t)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&t->epoch, __ATOMIC_ACQUIRE);
}

static const struct timeline *watch_timeline(const struct watch *w, uint32_t page)
{
	return (const void *)(uintptr_t)(w->timelines + (uint64_t)page * w->timeline_stride);
}

static uint64_t *watch_address(const struct watch *w, uint32_t page)
{
	return (uint64_t *)(uintptr_t)(w->base + page * w->page_size +
				       token_offset(w->page_size, watch_word(w, page)));
}

static void watch_count(struct watch *w, uint64_t before, uint64_t after)
{
	w->accesses++;
	if ((before & 1) || before != after)
		__atomic_store_n(&w->overlaps, w->overlaps + 1, __ATOMIC_RELAXED);
}

static int watch_judge(struct watch *w, uint32_t page, uint64_t found, uint64_t before,
		       uint64_t after)
{
	struct cell *c = (struct cell *)(uintptr_t)w->cells + (page - w->first);
	const struct timeline *t = watch_timeline(w, page);

	if (cell_read(c, t, found, before, after))
		return 0;
	w->found = found;
	/* Only now has the model caught up with what the host did before the read. */
	w->expected = cell_expected(c, t, before / 2);
	w->bad_page = page;
	w->bad_before = before;
	w->bad_after = after;
	__atomic_store_n(&w->bad, 1, __ATOMIC_RELEASE);
	return 1;
}

static int watch_read(struct watch *w, uint32_t page)
{
	const struct timeline *t = watch_timeline(w, page);
	uint64_t before = epoch_before(t);
	uint64_t found = word_load(watch_address(w, page));
	uint64_t after = epoch_after(t);

	watch_count(w, before, after);
	return watch_judge(w, page, found, before, after);
}

static uint64_t watch_token(struct watch *w, uint32_t page)
{
	return token_make(w->vm, w->actor, ++w->seq, page, watch_word(w, page));
}

static void watch_write(struct watch *w, uint32_t page)
{
	struct cell *c = (struct cell *)(uintptr_t)w->cells + (page - w->first);
	const struct timeline *t = watch_timeline(w, page);
	uint64_t token = watch_token(w, page), before = epoch_before(t), after;

	word_store(watch_address(w, page), token);
	after = epoch_after(t);
	watch_count(w, before, after);
	cell_write(c, t, token, before, after);
}

/* Atomic, but still a read and a write for the model: the reset may not come between. */
static int watch_exchange(struct watch *w, uint32_t page)
{
	struct cell *c = (struct cell *)(uintptr_t)w->cells + (page - w->first);
	const struct timeline *t = watch_timeline(w, page);
	uint64_t token = watch_token(w, page), before = epoch_before(t), found, after;
	int bad;

	found = word_exchange(watch_address(w, page), token);
	after = epoch_after(t);
	watch_count(w, before, after);
	bad = watch_judge(w, page, found, before, after);
	cell_write(c, t, token, before, after);
	return bad;
}

static int watch_page(struct watch *w, uint32_t page, uint32_t kinds)
{
	if ((kinds & WATCH_READ) && watch_read(w, page))
		return 1;
	if (kinds & WATCH_WRITE)
		watch_write(w, page);
	if ((kinds & WATCH_EXCHANGE) && watch_exchange(w, page))
		return 1;
	return 0;
}

int watch_run(struct watch *w, const uint32_t *stop)
{
	uint32_t i;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		for (i = 0; i < w->pages; i++) {
			uint32_t page = i, kinds = w->flags;

			if (w->flags & WATCH_RANDOM) {
				uint64_t r = prng_next(&w->prng);

				page = (uint32_t)(r >> 32) % w->pages;
				kinds &= 1u << (r % 3);
			}
			if (watch_page(w, w->first + page, kinds))
				return 1;
		}
		__atomic_store_n(&w->passes, w->passes + 1, __ATOMIC_RELEASE);
	}
	return 0;
}
