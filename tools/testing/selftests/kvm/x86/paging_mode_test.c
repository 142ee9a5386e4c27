// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest in 32-bit protected mode changes its page tables, of 32-bit or of PAE entries, and after
 * the architecture's own invalidation an access reaches what the tables say now.  Under shadow
 * paging (kvm_amd.npt=0, kvm_intel.ept=0) each table of 32-bit entries has two of KVM's, and the
 * four entries of a PAE root are KVM's to load with CR3.
 */
#include <pthread.h>
#include "harness/runner.h"
#include "machine/x86/level.h"
#include "scenario/keeping.h"
#include "scenario/x86/legacy_walker.h"

#define FRAMES		1024u		/* two large pages of 2 MiB, or one of 4 MiB */
#define PAGES_USED	16u		/* of each half of a table */
#define LOW_GPA		0x40000000ull	/* of the frames, where entries have 32 bits */

/* What a sub-test does: @upper: entries of directories and roots change, too. */
struct paging_mode {
	bool pae, upper, recycle, race;
};

static uint64_t frame_gpa(const struct legacy_walker *k, uint32_t frame)
{
	return k->w->ram->gpa + 4096ull * frame;
}

/* A frame of its own for each vCPU, so that what is in it is known; or none; or a hole. */
static uint64_t random_entry(struct legacy_walker *k)
{
	const uint32_t frame = prng_below(&k->prng, FRAMES / LEGACY_VCPUS) * LEGACY_VCPUS + k->vcpu;

	switch (prng_below(&k->prng, 8)) {
	case 0:
		return 0;
	case 1:
		return LEGACY_HOLE | PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY;
	case 2:
	case 3:
		return frame_gpa(k, frame) | PTE_PRESENT;
	default:
		return frame_gpa(k, frame) | PTE_PRESENT | PTE_WRITE;
	}
}

/* A table, read-only for one in four; sometimes a large page, or nothing. */
static uint64_t random_upper(struct legacy_walker *k)
{
	const uint64_t bits = PTE_PRESENT | (prng_below(&k->prng, 4) ? PTE_WRITE : 0);
	const uint32_t half = k->w->tables.pae ? prng_below(&k->prng, 2) * FRAMES / 2 : 0;

	switch (prng_below(&k->prng, 8)) {
	case 0:
		return 0;
	case 1:
		return frame_gpa(k, half) | bits | PTE_LARGE;
	default:
		return k->w->tables.table[prng_below(&k->prng, 2)] | bits;
	}
}

/* The root, with PAE an entry of it, or the directory's. */
static void change_upper(struct legacy_walker *k, uint32_t page)
{
	const struct legacy_tables *t = &k->w->tables;
	const uint32_t which = prng_below(&k->prng, 8);

	if (!which) {
		k->root = prng_below(&k->prng, LEGACY_ROOTS);
	} else if (which == 1 && t->pae) {
		legacy_change(k, legacy_tables_top(t, k->root), prng_below(&k->prng, 4) ?
			      t->directory[prng_below(&k->prng, 2)] | PTE_PRESENT : 0);
		k->w->tops++;
	} else {
		legacy_change(k, legacy_tables_upper(t, prng_below(&k->prng, 2)), random_upper(k));
	}
	legacy_forget(k, page, true);
}

/* Pages at the beginning and in the middle of a table, in turn a vCPU's each. */
static uint32_t random_page(struct legacy_walker *k)
{
	const uint32_t half = prng_below(&k->prng, 2) * legacy_tables_pages(&k->w->tables) / 2;

	return half + prng_below(&k->prng, PAGES_USED / LEGACY_VCPUS) * LEGACY_VCPUS + k->vcpu;
}

/* A page whose entry was changed, and one whose was not, or long ago. */
static void step(struct legacy_walker *k, bool upper)
{
	const uint32_t page = random_page(k), other = random_page(k);
	const unsigned int table = upper ? prng_below(&k->prng, 2) : 0;

	if (upper && !prng_below(&k->prng, 4))
		change_upper(k, page);
	legacy_change(k, legacy_tables_small(&k->w->tables, table, page), random_entry(k));
	legacy_forget(k, page, false);
	legacy_check(k, page);
	legacy_check(k, page);
	legacy_forget(k, other, false);
	legacy_check(k, other);
	k->steps++;
	verdict_progress();
}

static void *walk_thread(void *arg)
{
	struct legacy_walker *k = arg;

	while (!__atomic_load_n(&k->w->stop, __ATOMIC_RELAXED))
		step(k, false);
	return NULL;
}

static void world_open(struct legacy_world *w, const struct paging_mode *how)
{
	unsigned int i;
	uint32_t page;

	*w = (struct legacy_world){ .vm = vm_create(vm_default), .race = how->race };
	/* There is no agent to be put elsewhere. */
	vm_level_choose(w->vm, VM_LEVEL_1);
	if (how->recycle)
		vm_ioctl(w->vm, KVM_SET_NR_MMU_PAGES, (void *)64ul);
	w->ram = memory_create(w->vm, MEMORY_ANON, how->pae ? AGENT_TEST_GPA : LOW_GPA,
			       4096ull * FRAMES);
	for (page = 0; page < FRAMES; page++)
		*memory_word(w->ram, w->ram->gpa + 4096ull * page) = 0x7fa30000u | page;
	legacy_tables_create(&w->tables, w->vm, how->pae);
	for (i = 0; i < LEGACY_VCPUS; i++)
		legacy_vcpu_create(&w->vcpu[i], &w->tables, i);
}

static void world_close(struct legacy_world *w)
{
	unsigned int i;

	for (i = 0; i < LEGACY_VCPUS; i++)
		legacy_vcpu_destroy(&w->vcpu[i]);
	memory_destroy(w->ram);
	vm_destroy(w->vm);
}

static void run_race(struct legacy_world *w, struct legacy_walker *k, struct prng *prng,
		     uint64_t rounds)
{
	pthread_t threads[LEGACY_VCPUS];
	uint64_t done = 0;
	unsigned int v;

	for (v = 0; v < LEGACY_VCPUS; v++)
		verdict_require(!pthread_create(&threads[v], NULL, walk_thread, &k[v]), "thread");
	while (__atomic_load_n(&k[0].steps, __ATOMIC_RELAXED) < rounds ||
	       __atomic_load_n(&k[1].steps, __ATOMIC_RELAXED) < rounds)
		done += keeping_do(w->ram, prng);
	__atomic_store_n(&w->stop, 1, __ATOMIC_RELAXED);
	for (v = 0; v < LEGACY_VCPUS; v++)
		pthread_join(threads[v], NULL);
	verdict_exercised(k[0].steps + k[1].steps, done);
}

static void run_mode(const struct run *run)
{
	const struct paging_mode *how = run->arg;
	const uint64_t rounds = run->iterations * 10;
	struct prng prng = { run->seed };
	struct legacy_walker k[LEGACY_VCPUS];
	struct legacy_world w;
	unsigned int v;
	uint64_t i;

	world_open(&w, how);
	for (v = 0; v < LEGACY_VCPUS; v++) {
		k[v] = (struct legacy_walker){ .w = &w, .vcpu = v, .prng = { prng_next(&prng) } };
		legacy_forget(&k[v], 0, true);
	}
	if (how->race)
		run_race(&w, k, &prng, rounds);
	for (i = 0; i < rounds && !how->race; i++)
		step(&k[prng_below(&prng, LEGACY_VCPUS)], how->upper);
	world_close(&w);
}

#define MODE(...)	run_mode, &(const struct paging_mode){ __VA_ARGS__ }

static const struct subtest subtests[] = {
	{ "paging-mode/32-bit", "an access reaches what a table of 32-bit entries says",
	  MODE(.upper = false) },
	{ "paging-mode/32-bit-upper", "an access reaches what directories, pages of 4 MiB and roots say",
	  MODE(.upper = true) },
	{ "paging-mode/32-bit-recycled",
	  "an access reaches what 32-bit entries say while KVM may keep but a few tables of its own",
	  MODE(.upper = true, .recycle = true) },
	{ "paging-mode/32-bit-race",
	  "accesses reach what 32-bit entries say that two vCPUs change while the host moves the frames",
	  MODE(.race = true) },
	{ "paging-mode/pae", "an access reaches what a table of PAE entries says, above 4 GiB",
	  MODE(.pae = true) },
	{ "paging-mode/pae-upper",
	  "an access reaches what the four entries of a PAE root, directories and pages of 2 MiB say",
	  MODE(.pae = true, .upper = true) },
	{ "paging-mode/pae-recycled",
	  "an access reaches what PAE entries say while KVM may keep but a few tables of its own",
	  MODE(.pae = true, .upper = true, .recycle = true) },
	{ "paging-mode/pae-race",
	  "accesses reach what PAE entries say that two vCPUs change while the host moves the frames",
	  MODE(.pae = true, .race = true) },
};

TEST_PROGRAM("paging_mode_test", subtests)
