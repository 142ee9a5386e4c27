// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs keep reading and writing guest memory, without leaving the guest, while the
 * host takes it away.  From the moment that the host's call has returned, no vCPU and
 * no host thread may see or change what was there before.
 */
#include <sched.h>
#include <sys/mman.h>
#include "attributes.h"
#include "gmem.h"
#include "known_issues.h"
#include "nodes.h"
#include "runner.h"
#include "watcher.h"

/* One row: on which memory, how many pages, and what is done to it in each round. */
struct scenario {
	enum ram_kind kind;
	uint32_t pages;
	unsigned int vcpus;
	unsigned int host_actors;
	void (*round)(struct watchers *w, struct prng *prng);
	uint32_t flags;		/* WATCH_*; 0: read and write */
};

/* Rounds over many pages cost more and find no more each: a tenth of them will do. */
#define MANY_PAGES	256

#define GPA	AGENT_TEST_GPA

static void run_scenario(const struct run *run)
{
	const struct scenario *s = run->arg;
	struct vm *vm = vm_create(ram_vm_type(s->kind));
	struct ram *ram = ram_create(vm, s->kind, GPA, (uint64_t)s->pages * TOKEN_PAGE_SIZE);
	struct watchers_config config = {
		.flags = s->flags ? s->flags : WATCH_READ | WATCH_WRITE,
		.host_actors = s->host_actors,
		.seed = run->seed,
	};
	struct prng prng = { run->seed };
	struct agent *agents[VM_VCPUS_MAX];
	struct watchers w;
	uint64_t i, rounds = run->iterations;

	if (s->pages > MANY_PAGES)
		rounds = (rounds + 9) / 10;
	/* The last CPU does the host's side; vCPUs come first. */
	for (i = 0; i < s->vcpus; i++)
		agents[i] = agent_create(vm, i, i);
	nodes_pin(nodes_cpus() - 1);
	watchers_start(&w, ram, agents, s->vcpus, &config);
	watchers_pass(&w);
	for (i = 0; i < rounds; i++)
		s->round(&w, &prng);
	watchers_stop(&w);
	for (i = 0; i < s->vcpus; i++)
		agent_destroy(agents[i]);
	ram_destroy(ram);
	vm_destroy(vm);
}

static void punch(struct watchers *w, uint32_t first, uint32_t pages)
{
	watchers_begin(w, first, pages, TIMELINE_RESET0);
	gmem_punch(w->ram->slot.gmem, (uint64_t)first * TOKEN_PAGE_SIZE,
		   (uint64_t)pages * TOKEN_PAGE_SIZE);
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
	struct ram *ram = w->ram;

	watchers_begin(w, first, pages, state);
	attributes_set(ram->vm, ram->slot.gpa + (uint64_t)first * TOKEN_PAGE_SIZE,
		       (uint64_t)pages * TOKEN_PAGE_SIZE,
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
	gmem_punch(w->ram->slot.gmem, 0, w->ram->size);
	watchers_end(w, 0, w->pages);
	convert(w, 0, w->pages, 0);
}

/*
 * A deleted slot leaves a hole: shared accesses become MMIO, private ones memory
 * faults, which the vCPU's thread repeats until the slot is back.
 */
static void unplug(struct watchers *w, struct prng *prng)
{
	(void)prng;
	watchers_begin(w, 0, w->pages, TIMELINE_ABSENT);
	ram_unplug(w->ram);
	watchers_end(w, 0, w->pages);
	if (w->ram->kind != RAM_SPLIT)
		watchers_pass(w);
	watchers_begin(w, 0, w->pages, 0);
	ram_plug(w->ram);
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
		ram_unplug(w->ram);
		watchers_end(w, 0, w->pages);
		watchers_begin(w, 0, w->pages, 0);
		ram_plug(w->ram);
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
	ram_unmap(w->ram);
	watchers_pass(w);
	watchers_begin(w, 0, w->pages, TIMELINE_ABSENT);
	ram_close(w->ram);
	watchers_end(w, 0, w->pages);
	count_faults(w, faults);
	wait_for_faults(w, faults);
	watchers_begin(w, 0, w->pages, TIMELINE_RESET0);
	ram_unplug(w->ram);
	ram_reopen(w->ram);
	ram_plug(w->ram);
	watchers_end(w, 0, w->pages);
	watchers_pass(w);
}

static void remap(struct watchers *w, uint8_t state, int fd, int flags)
{
	struct ram *ram = w->ram;
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
	remap(w, 0, w->ram->slot.gmem, MAP_SHARED);
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

/*
 * Few pages where the host's memory is anonymous: each first write breaks a mapping of
 * the zero page, for all vCPUs, and they spend their time in retried faults.
 */
#define SCENARIO(...) run_scenario, &(const struct scenario){ __VA_ARGS__ }
#define PUNCH_CLAIM "after a punch of the whole range has returned nobody sees or changes the old pages"

static const struct subtest subtests[] = {
	{ "stale/punch-private-1", PUNCH_CLAIM, SCENARIO(RAM_SPLIT, 1, 2, 0, punch_all) },
	{ "stale/punch-private-2", PUNCH_CLAIM, SCENARIO(RAM_SPLIT, 2, 2, 0, punch_all) },
	{ "stale/punch-private-511", PUNCH_CLAIM, SCENARIO(RAM_SPLIT, 511, 2, 0, punch_all) },
	{ "stale/punch-private-512", PUNCH_CLAIM, SCENARIO(RAM_SPLIT, 512, 2, 0, punch_all) },
	{ "stale/punch-private-513", PUNCH_CLAIM, SCENARIO(RAM_SPLIT, 513, 1, 0, punch_all) },
	{ "stale/punch-private-ends", "a punch of the first or last page hits that page and no other",
	  SCENARIO(RAM_SPLIT, 16, 2, 0, punch_ends) },
	{ "stale/punch-private-some", "a punch of any range hits that range and no other page",
	  SCENARIO(RAM_SPLIT, 64, 2, 0, punch_some, WATCH_READ | WATCH_EXCHANGE) },
	{ "stale/punch-shared-1", PUNCH_CLAIM, SCENARIO(RAM_SHARED, 1, 1, 1, punch_all) },
	{ "stale/punch-shared-2", PUNCH_CLAIM, SCENARIO(RAM_SHARED, 2, 1, 1, punch_all) },
	{ "stale/punch-shared-513", PUNCH_CLAIM, SCENARIO(RAM_SHARED, 513, 1, 0, punch_all) },
	{ "stale/punch-shared-ends", "a punch of the first or last page hits that page and no other",
	  SCENARIO(RAM_SHARED, 16, 2, 1, punch_ends) },
	{ "stale/punch-shared-some", "a punch of any range hits that range and no other page",
	  SCENARIO(RAM_SHARED, 16, 1, 1, punch_some) },
	{ "stale/convert-1", "after a conversion nobody reaches the other copy",
	  SCENARIO(RAM_SPLIT, 1, 2, 0, convert_there_and_back) },
	{ "stale/convert-513", "after a conversion nobody reaches the other copy",
	  SCENARIO(RAM_SPLIT, 513, 1, 0, convert_there_and_back) },
	{ "stale/convert-some", "a conversion of any range hits that range and no other page",
	  SCENARIO(RAM_SPLIT, 64, 2, 0, convert_some) },
	{ "stale/convert-and-punch", "a private copy punched while its pages are shared is gone",
	  SCENARIO(RAM_SPLIT, 32, 2, 0, convert_and_punch) },
	{ "stale/slot-private", "no private access gets through a deleted slot; contents survive it",
	  SCENARIO(RAM_SPLIT, 16, 2, 0, unplug) },
	{ "stale/slot-shared", "no access gets through a deleted slot; contents survive it",
	  SCENARIO(RAM_SHARED, 16, 2, 0, unplug), &known_hole_warn },
	{ "stale/slot-anonymous", "the same without guest_memfd, as a control",
	  SCENARIO(RAM_ANON, 16, 2, 0, unplug), &known_hole_warn },
	{ "stale/slot-churn-private", "slots that come and go in quick succession hide nothing and lose nothing",
	  SCENARIO(RAM_SPLIT, 4, 2, 0, churn) },
	{ "stale/slot-churn-shared", "the same for shared memory, where the hole is MMIO",
	  SCENARIO(RAM_SHARED, 4, 2, 0, churn), &known_hole_warn },
	{ "stale/close-private", "no access gets through once the last file descriptor is closed",
	  SCENARIO(RAM_SPLIT, 16, 2, 0, close_file) },
	{ "stale/close-shared", "no access gets through once file and mapping are gone",
	  SCENARIO(RAM_SHARED, 16, 2, 0, close_file), &known_hole_warn },
	{ "stale/remap-anonymous", "after mmap over the shared side the guest sees the new memory",
	  SCENARIO(RAM_ANON, 8, 2, 0, remap_anonymous) },
	{ "stale/remap-shared-side", "the same on the shared copy of private-capable memory",
	  SCENARIO(RAM_SPLIT, 8, 2, 0, remap_shared_side) },
	{ "stale/remap-gmem", "remapping the host's view leaves the guest's contents alone",
	  SCENARIO(RAM_SHARED, 16, 2, 0, remap_gmem) },
	{ "stale/discard-anonymous", "after MADV_DONTNEED the guest sees zeroes",
	  SCENARIO(RAM_ANON, 8, 2, 0, discard_anonymous) },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("gmem_stale_test", subtests);

	return runner_main(argc, argv, &program);
}
