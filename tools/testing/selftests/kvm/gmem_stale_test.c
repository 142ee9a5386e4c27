// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs keep reading and writing guest memory, without leaving the guest, while the
 * host punches, converts, remaps or discards it.  From the moment that the host's call
 * has returned, no vCPU and no host thread may see or change what was there before.
 */
#include "scenario/scenario.h"

static void operate(struct watchers *w, enum operation_id id, uint32_t first, uint32_t pages)
{
	watchers_operate(w, id, first, pages);
	watchers_pass(w);
}

static void punch_all(struct watchers *w, struct prng *prng)
{
	(void)prng;
	operate(w, OP_PUNCH, 0, w->pages);
}

static void punch_ends(struct watchers *w, struct prng *prng)
{
	operate(w, OP_PUNCH, prng_below(prng, 2) ? 0 : w->pages - 1, 1);
}

static void punch_some(struct watchers *w, struct prng *prng)
{
	uint32_t first = prng_below(prng, w->pages);

	operate(w, OP_PUNCH, first, 1 + prng_below(prng, w->pages - first));
}

/* Without a punch both copies keep their contents; in place there is only one. */
static void convert_there_and_back(struct watchers *w, struct prng *prng)
{
	(void)prng;
	operate(w, OP_TO_SHARED, 0, w->pages);
	operate(w, OP_TO_PRIVATE, 0, w->pages);
}

static void convert_some(struct watchers *w, struct prng *prng)
{
	uint32_t first = prng_below(prng, w->pages);
	uint32_t pages = 1 + prng_below(prng, w->pages - first);

	operate(w, OP_TO_SHARED, first, pages);
	operate(w, OP_TO_PRIVATE, first, pages);
}

/* What a VMM does to give memory back: convert, then punch the private copy. */
static void convert_and_punch(struct watchers *w, struct prng *prng)
{
	(void)prng;
	operate(w, OP_TO_SHARED, 0, w->pages);
	watchers_operate(w, OP_PUNCH, 0, w->pages);
	operate(w, OP_TO_PRIVATE, 0, w->pages);
}

/*
 * Of anonymous memory, new memory behind the same address: what was there must be out of reach at
 * once.  Of a file, the host's mapping goes and comes back, and contents are not concerned.
 */
static void remap(struct watchers *w, struct prng *prng)
{
	(void)prng;
	operate(w, OP_REMAP, 0, w->pages);
}

static void discard(struct watchers *w, struct prng *prng)
{
	(void)prng;
	operate(w, OP_DISCARD, 0, w->pages);
}

/* The shared copy is remapped while the pages are shared; the private copy waits. */
static void remap_shared_side(struct watchers *w, struct prng *prng)
{
	(void)prng;
	operate(w, OP_TO_SHARED, 0, w->pages);
	operate(w, OP_REMAP, 0, w->pages);
	operate(w, OP_TO_PRIVATE, 0, w->pages);
}

#define PUNCH_CLAIM "after a punch of the whole range has returned nobody sees or changes the old pages"

/*
 * Few pages where the host's memory is anonymous: each first write breaks a mapping of
 * the zero page, for all vCPUs, and they spend their time in retried faults.
 */
static const struct subtest subtests[] = {
	{ "stale/punch-private-1", PUNCH_CLAIM, SCENARIO(MEMORY_PRIVATE, 1, 2, 0, punch_all) },
	{ "stale/punch-private-2", PUNCH_CLAIM, SCENARIO(MEMORY_PRIVATE, 2, 2, 0, punch_all) },
	{ "stale/punch-private-511", PUNCH_CLAIM, SCENARIO(MEMORY_PRIVATE, 511, 2, 0, punch_all) },
	{ "stale/punch-private-512", PUNCH_CLAIM, SCENARIO(MEMORY_PRIVATE, 512, 2, 0, punch_all) },
	{ "stale/punch-private-513", PUNCH_CLAIM, SCENARIO(MEMORY_PRIVATE, 513, 1, 0, punch_all) },
	{ "stale/punch-private-ends", "a punch of the first or last page hits that page and no other",
	  SCENARIO(MEMORY_PRIVATE, 16, 2, 0, punch_ends) },
	{ "stale/punch-private-some", "a punch of any range hits that range and no other page",
	  SCENARIO(MEMORY_PRIVATE, 64, 2, 0, punch_some, WATCH_READ | WATCH_EXCHANGE) },
	{ "stale/punch-shared-1", PUNCH_CLAIM, SCENARIO(MEMORY_SHARED, 1, 1, 1, punch_all) },
	{ "stale/punch-shared-2", PUNCH_CLAIM, SCENARIO(MEMORY_SHARED, 2, 1, 1, punch_all) },
	{ "stale/punch-shared-513", PUNCH_CLAIM, SCENARIO(MEMORY_SHARED, 513, 1, 0, punch_all) },
	{ "stale/punch-shared-ends", "a punch of the first or last page hits that page and no other",
	  SCENARIO(MEMORY_SHARED, 16, 2, 1, punch_ends) },
	{ "stale/punch-shared-some", "a punch of any range hits that range and no other page",
	  SCENARIO(MEMORY_SHARED, 16, 1, 1, punch_some) },
	{ "stale/punch-sealed-2", PUNCH_CLAIM, SCENARIO(MEMORY_SEALED, 2, 2, 0, punch_all) },
	{ "stale/punch-sealed-some", "a punch of any range of a sealed file hits that range and no other page",
	  SCENARIO(MEMORY_SEALED, 16, 2, 0, punch_some) },
	{ "stale/punch-in-place-some", "a punch of any range of a file converted in place hits no other page",
	  SCENARIO(MEMORY_INPLACE, 16, 2, 0, punch_some) },
	{ "stale/convert-in-place", "a page that is converted in place there and back keeps its contents",
	  SCENARIO(MEMORY_INPLACE, 16, 2, 0, convert_there_and_back) },
	{ "stale/convert-1", "after a conversion nobody reaches the other copy",
	  SCENARIO(MEMORY_SPLIT, 1, 2, 0, convert_there_and_back) },
	{ "stale/convert-513", "after a conversion nobody reaches the other copy",
	  SCENARIO(MEMORY_SPLIT, 513, 1, 0, convert_there_and_back) },
	{ "stale/convert-some", "a conversion of any range hits that range and no other page",
	  SCENARIO(MEMORY_SPLIT, 64, 2, 0, convert_some) },
	{ "stale/convert-and-punch", "a private copy punched while its pages are shared is gone",
	  SCENARIO(MEMORY_PRIVATE, 32, 2, 0, convert_and_punch) },
	{ "stale/remap-anonymous", "after mmap over the shared side the guest sees the new memory",
	  SCENARIO(MEMORY_ANON, 8, 2, 0, remap) },
	{ "stale/remap-shared-side", "after mmap over the shared copy of private-capable memory the guest sees the new memory",
	  SCENARIO(MEMORY_SPLIT, 8, 2, 0, remap_shared_side) },
	{ "stale/remap-gmem", "remapping the host's view leaves the guest's contents alone",
	  SCENARIO(MEMORY_SHARED, 16, 2, 0, remap) },
	{ "stale/remap-sealed", "the guest keeps its contents when the host's view of a sealed file is mapped anew",
	  SCENARIO(MEMORY_SEALED, 16, 2, 0, remap) },
	{ "stale/discard-anonymous", "after MADV_DONTNEED the guest sees zeroes",
	  SCENARIO(MEMORY_ANON, 8, 2, 0, discard) },
};

TEST_PROGRAM("gmem_stale_test", subtests)
