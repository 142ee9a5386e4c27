// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs keep reading and writing guest memory, without leaving the guest, while the
 * host punches, converts, remaps or discards it.  From the moment that the host's call
 * has returned, no vCPU and no host thread may see or change what was there before.
 */
#include <sys/mman.h>
#include "harness/page.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/scenario.h"

static void punch(struct watchers *w, uint32_t first, uint32_t pages)
{
	watchers_begin(w, first, pages, TIMELINE_RESET0);
	gmem_punch(w->ram->gmem, first * page_size(), pages * page_size());
	watchers_end(w, first, pages);
	watchers_pass(w);
}

static void punch_all(struct watchers *w, struct prng *prng)
{
	(void)prng;
	punch(w, 0, w->pages);
}

static void punch_ends(struct watchers *w, struct prng *prng)
{
	punch(w, prng_below(prng, 2) ? 0 : w->pages - 1, 1);
}

static void punch_some(struct watchers *w, struct prng *prng)
{
	uint32_t first = prng_below(prng, w->pages);

	punch(w, first, 1 + prng_below(prng, w->pages - first));
}

static void convert(struct watchers *w, uint32_t first, uint32_t pages, uint8_t state)
{
	struct memory *ram = w->ram;

	watchers_begin(w, first, pages, state);
	attributes_set(ram->vm, ram->gpa + first * page_size(), pages * page_size(),
		       state & TIMELINE_COPY ? 0 : KVM_MEMORY_ATTRIBUTE_PRIVATE);
	watchers_end(w, first, pages);
	watchers_pass(w);
}

/* Copy 0 is private, copy 1 shared; without a punch both keep their contents. */
static void convert_there_and_back(struct watchers *w, struct prng *prng)
{
	(void)prng;
	convert(w, 0, w->pages, 1);
	convert(w, 0, w->pages, 0);
}

static void convert_some(struct watchers *w, struct prng *prng)
{
	uint32_t first = prng_below(prng, w->pages);
	uint32_t pages = 1 + prng_below(prng, w->pages - first);

	convert(w, first, pages, 1);
	convert(w, first, pages, 0);
}

/* What a VMM does to give memory back: convert, then punch the private copy. */
static void convert_and_punch(struct watchers *w, struct prng *prng)
{
	(void)prng;
	convert(w, 0, w->pages, 1);
	watchers_begin(w, 0, w->pages, 1 | TIMELINE_RESET0);
	gmem_punch(w->ram->gmem, 0, w->ram->size);
	watchers_end(w, 0, w->pages);
	convert(w, 0, w->pages, 0);
}

static void remap(struct watchers *w, uint8_t state, int fd, int flags)
{
	struct memory *ram = w->ram;
	void *p;

	watchers_begin(w, 0, w->pages, state);
	p = mmap(ram->hva, ram->size, PROT_READ | PROT_WRITE, MAP_FIXED | flags, fd, 0);
	verdict_require(p == ram->hva, "mmap over the shared side");
	watchers_end(w, 0, w->pages);
	watchers_pass(w);
}

/* New memory behind the same address: what was there must be out of reach at once. */
static void remap_anonymous(struct watchers *w, struct prng *prng)
{
	(void)prng;
	remap(w, TIMELINE_RESET0, -1, MAP_PRIVATE | MAP_ANONYMOUS);
}

/* The host's mapping goes and comes back: contents of the file are not concerned. */
static void remap_gmem(struct watchers *w, struct prng *prng)
{
	(void)prng;
	remap(w, 0, w->ram->gmem, MAP_SHARED);
}

static void discard_anonymous(struct watchers *w, struct prng *prng)
{
	(void)prng;
	watchers_begin(w, 0, w->pages, TIMELINE_RESET0);
	verdict_require(!madvise(w->ram->hva, w->ram->size, MADV_DONTNEED), "MADV_DONTNEED");
	watchers_end(w, 0, w->pages);
	watchers_pass(w);
}

/* The shared copy is remapped while the pages are shared; the private copy waits. */
static void remap_shared_side(struct watchers *w, struct prng *prng)
{
	(void)prng;
	convert(w, 0, w->pages, 1);
	remap(w, 1 | TIMELINE_RESET1, -1, MAP_PRIVATE | MAP_ANONYMOUS);
	convert(w, 0, w->pages, 0);
}

#define PUNCH_CLAIM "after a punch of the whole range has returned nobody sees or changes the old pages"

/*
 * Few pages where the host's memory is anonymous: each first write breaks a mapping of
 * the zero page, for all vCPUs, and they spend their time in retried faults.
 */
static const struct subtest subtests[] = {
	{ "stale/punch-private-1", PUNCH_CLAIM, SCENARIO(MEMORY_SPLIT, 1, 2, 0, punch_all) },
	{ "stale/punch-private-2", PUNCH_CLAIM, SCENARIO(MEMORY_SPLIT, 2, 2, 0, punch_all) },
	{ "stale/punch-private-511", PUNCH_CLAIM, SCENARIO(MEMORY_SPLIT, 511, 2, 0, punch_all) },
	{ "stale/punch-private-512", PUNCH_CLAIM, SCENARIO(MEMORY_SPLIT, 512, 2, 0, punch_all) },
	{ "stale/punch-private-513", PUNCH_CLAIM, SCENARIO(MEMORY_SPLIT, 513, 1, 0, punch_all) },
	{ "stale/punch-private-ends", "a punch of the first or last page hits that page and no other",
	  SCENARIO(MEMORY_SPLIT, 16, 2, 0, punch_ends) },
	{ "stale/punch-private-some", "a punch of any range hits that range and no other page",
	  SCENARIO(MEMORY_SPLIT, 64, 2, 0, punch_some, WATCH_READ | WATCH_EXCHANGE) },
	{ "stale/punch-shared-1", PUNCH_CLAIM, SCENARIO(MEMORY_SHARED, 1, 1, 1, punch_all) },
	{ "stale/punch-shared-2", PUNCH_CLAIM, SCENARIO(MEMORY_SHARED, 2, 1, 1, punch_all) },
	{ "stale/punch-shared-513", PUNCH_CLAIM, SCENARIO(MEMORY_SHARED, 513, 1, 0, punch_all) },
	{ "stale/punch-shared-ends", "a punch of the first or last page hits that page and no other",
	  SCENARIO(MEMORY_SHARED, 16, 2, 1, punch_ends) },
	{ "stale/punch-shared-some", "a punch of any range hits that range and no other page",
	  SCENARIO(MEMORY_SHARED, 16, 1, 1, punch_some) },
	{ "stale/convert-1", "after a conversion nobody reaches the other copy",
	  SCENARIO(MEMORY_SPLIT, 1, 2, 0, convert_there_and_back) },
	{ "stale/convert-513", "after a conversion nobody reaches the other copy",
	  SCENARIO(MEMORY_SPLIT, 513, 1, 0, convert_there_and_back) },
	{ "stale/convert-some", "a conversion of any range hits that range and no other page",
	  SCENARIO(MEMORY_SPLIT, 64, 2, 0, convert_some) },
	{ "stale/convert-and-punch", "a private copy punched while its pages are shared is gone",
	  SCENARIO(MEMORY_SPLIT, 32, 2, 0, convert_and_punch) },
	{ "stale/remap-anonymous", "after mmap over the shared side the guest sees the new memory",
	  SCENARIO(MEMORY_ANON, 8, 2, 0, remap_anonymous) },
	{ "stale/remap-shared-side", "the same on the shared copy of private-capable memory",
	  SCENARIO(MEMORY_SPLIT, 8, 2, 0, remap_shared_side) },
	{ "stale/remap-gmem", "remapping the host's view leaves the guest's contents alone",
	  SCENARIO(MEMORY_SHARED, 16, 2, 0, remap_gmem) },
	{ "stale/discard-anonymous", "after MADV_DONTNEED the guest sees zeroes",
	  SCENARIO(MEMORY_ANON, 8, 2, 0, discard_anonymous) },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("gmem_stale_test", subtests);

	return runner_main(argc, argv, &program);
}
