// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest changes its page tables, or the host does it for it, and after the architecture's own
 * invalidation an access reaches what the tables say now.  With two-dimensional paging that is the
 * CPU's work, with shadow paging (kvm_amd.npt=0, kvm_intel.ept=0) it is KVM's.
 */
#include <pthread.h>
#include "abi/x86/agent_arch.h"
#include "harness/known_issues.h"
#include "harness/runner.h"
#include "machine/x86/level.h"
#include "machine/x86/shadow_paging.h"
#include "machine/x86/smm.h"
#include "scenario/keeping.h"
#include "scenario/x86/paging.h"
#include "scenario/x86/table_log.h"

#define PAGES_USED	64u	/* of each table; few, so that they are changed again and again */

/* An entry of the directory; or another root, below which an entry changes before it is used. */
static void change_upper(struct paging_walker *k, uint32_t page)
{
	if (prng_below(&k->prng, 4)) {
		paging_change(k, page, guest_tables_large(&k->w->tables[k->root]),
			      paging_random_upper(k));
	} else {
		k->root = prng_below(&k->prng, PAGING_ROOTS);
		paging_change(k, page, guest_tables_small(&k->w->tables[k->root],
							  prng_below(&k->prng, 2), page),
			      paging_random_entry(k));
	}
	/* All of the 2 MiB have to be forgotten. */
	paging_forget(k, page, true);
	paging_check(k, page, prng_below(&k->prng, 2));
}

/* Pages of one table, in turn a vCPU's each. */
static uint32_t random_page(struct paging_walker *k)
{
	return prng_below(&k->prng, PAGES_USED / PAGING_VCPUS) * PAGING_VCPUS + k->vcpu;
}

/* A page whose entry was changed, and one whose was not, or long ago. */
static void step(struct paging_walker *k)
{
	const uint32_t page = random_page(k), other = random_page(k);
	const struct paging *how = k->w->how;

	if (how->upper && !prng_below(&k->prng, 4))
		change_upper(k, page);
	paging_change(k, page, guest_tables_small(&k->w->tables[k->root],
				     how->upper ? prng_below(&k->prng, 2) : 0, page),
	       paging_random_entry(k));
	paging_forget(k, page, false);
	paging_check(k, page, prng_below(&k->prng, 2));
	paging_check(k, page, prng_below(&k->prng, 2));
	paging_forget(k, other, false);
	paging_check(k, other, prng_below(&k->prng, 2));
	k->steps++;
	verdict_progress();
}

static void *walk_thread(void *arg)
{
	struct paging_walker *k = arg;

	while (!__atomic_load_n(&k->w->stop, __ATOMIC_RELAXED))
		step(k);
	return NULL;
}

static void enter_smm(struct agent *a)
{
	const struct agent_op nop = { .opcode = AGENT_OP_NOP };

	smm_init(a->vcpu->vm);
	smm_enter(a->vcpu, a->vcpu->mailbox);
	agent_expect_ok(a, &nop, VERDICT_ABI, "start in system management mode");
}

static struct paging_world open_world(const struct run *run)
{
	const struct paging *how = run->arg;
	struct paging_world w = { .how = how, .vm = vm_create(memory_vm_type(how->kind)) };
	unsigned int i;
	uint32_t page;

	w.blind = how->nested || shadow_paging();
	if (how->nested)
		vm_level_choose(w.vm, VM_LEVEL_2_NESTED_PAGING);
	else if (how->by_l1)
		vm_level_choose(w.vm, VM_LEVEL_2);
	w.vm->no_nx = how->no_nx;
	if (how->recycle)
		vm_ioctl(w.vm, KVM_SET_NR_MMU_PAGES, (void *)64ul);
	w.ram = memory_create(w.vm, how->kind, AGENT_TEST_GPA, 4096ull * PAGING_FRAMES);
	for (page = 0; page < PAGING_FRAMES; page++)
		*memory_word(w.ram, AGENT_TEST_GPA + 4096ull * page) = 0x7fa3ull << 48 | page;
	for (i = 0; i < PAGING_ROOTS; i++)
		if (how->nested)
			guest_tables_create_nested(&w.tables[i], w.vm);
		else
			guest_tables_create(&w.tables[i], w.vm);
	for (i = 0; i < PAGING_VCPUS; i++) {
		w.agent[i] = agent_create(w.vm, i, i);
		if (how->smm)
			vm_level_choose(w.vm, VM_LEVEL_1);
	}
	if (how->smm)
		enter_smm(w.agent[1]);
	return w;
}

static void close_world(struct paging_world *w)
{
	unsigned int i;

	for (i = 0; i < PAGING_VCPUS; i++)
		agent_destroy(w->agent[i]);
	memory_destroy(w->ram);
	vm_destroy(w->vm);
}

/* The host changes the directory, vCPUs use what is there then, the guest puts back what it had. */
static void run_between(const struct run *run)
{
	struct paging_world w = open_world(run);
	struct paging_walker k = { .w = &w, .prng = { run->seed } };
	const struct guest_tables *t = &w.tables[0];
	const uint64_t entry = guest_tables_large(t);
	uint64_t i, value;
	uint32_t page;

	for (i = 0; i < run->iterations; i++) {
		for (page = 0; page < PAGES_USED; page += PAGING_VCPUS) {
			paging_do(&k, 0, AGENT_OP_STORE, guest_tables_small(t, 0, page),
				  paging_random_entry(&k));
			paging_do(&k, 0, AGENT_OP_STORE, guest_tables_small(t, 1, page),
				  paging_random_entry(&k));
		}
		value = paging_random_upper(&k);
		paging_do(&k, 0, AGENT_OP_STORE, entry, value);
		paging_do(&k, 0, AGENT_OP_CR3, t->root, 0);
		/* Half of the pages have been used before, half of them have not. */
		for (page = 0; page < PAGES_USED / 2; page += PAGING_VCPUS)
			paging_check(&k, page, prng_below(&k.prng, 2));
		*(uint64_t *)vm_control_ptr(w.vm, entry) = paging_random_upper(&k);
		paging_do(&k, 0, AGENT_OP_CR3, t->root, 0);
		for (page = 0; page < PAGES_USED; page += PAGING_VCPUS)
			paging_touch(&k, page, AGENT_OP_LOAD);
		paging_do(&k, 0, AGENT_OP_STORE, entry, value);
		paging_do(&k, 0, AGENT_OP_CR3, t->root, 0);
		for (page = 0; page < PAGES_USED; page += PAGING_VCPUS)
			paging_check(&k, page, prng_below(&k.prng, 2));
		k.steps++;
		verdict_progress();
	}
	close_world(&w);
}

static void run_paging(const struct run *run)
{
	struct paging_world w = open_world(run);
	struct prng prng = { run->seed };
	struct paging_walker k[PAGING_VCPUS];
	pthread_t threads[PAGING_VCPUS];
	uint64_t i, done = 0, rounds = run->iterations;
	unsigned int v;

	/* What KVM has to do for L2 takes several times as long. */
	rounds *= w.how->nested ? 3 : 10;
	for (v = 0; v < PAGING_VCPUS; v++) {
		k[v] = (struct paging_walker){ .w = &w, .vcpu = v, .prng = { prng_next(&prng) } };
		if (!w.how->smm || !v)
			paging_forget(&k[v], 0, true);
	}
	if (!w.how->race) {
		for (i = 0; i < rounds; i++)
			step(&k[w.how->smm ? 0 : prng_below(&prng, PAGING_VCPUS)]);
		close_world(&w);
		return;
	}
	for (v = 0; v < PAGING_VCPUS; v++)
		verdict_require(!pthread_create(&threads[v], NULL, walk_thread, &k[v]), "thread");
	while (k[0].steps < rounds || k[1].steps < rounds)
		done += keeping_do(w.ram, &prng);
	__atomic_store_n(&w.stop, 1, __ATOMIC_RELAXED);
	for (v = 0; v < PAGING_VCPUS; v++)
		pthread_join(threads[v], NULL);
	verdict_exercised(k[0].steps + k[1].steps, done);
	close_world(&w);
}

/* The pages of the tables, which vCPUs store to, and in which accesses leave their bits. */
static void run_logged(const struct run *run)
{
	struct paging_world w = open_world(run);
	struct prng prng = { run->seed };
	struct paging_walker k = { .w = &w, .prng = { prng_next(&prng) } };
	static struct table_log log;
	unsigned int i;

	table_log_start(&log, w.vm);
	for (i = 0; i < PAGING_ROOTS; i++) {
		table_log_add(&log, w.tables[i].root);
		table_log_add(&log, w.tables[i].directory);
		table_log_add(&log, w.tables[i].table[0]);
		table_log_add(&log, w.tables[i].table[1]);
	}
	paging_forget(&k, 0, true);
	table_log_judge(&log, "the first load of CR3");
	while (k.steps < 10 * run->iterations) {
		if (prng_below(&prng, 2))
			step(&k);
		else
			paging_touch(&k, random_page(&k), AGENT_OP_LOAD);
		table_log_judge(&log, k.last);
	}
	verdict_exercised(log.harvests, log.changed);
	close_world(&w);
}

#define PAGING(...)	run_paging, &(const struct paging){ __VA_ARGS__ }
#define GUEST		(BY_GUEST | BY_OTHER)

static const struct subtest subtests[] = {
	{ "paging/guest", "an access reaches what the guest has put into its page tables",
	  PAGING(MEMORY_ANON, GUEST) },
	{ "paging/host", "an access reaches what the host has put into the guest's page tables",
	  PAGING(MEMORY_ANON, BY_HOST) },
	{ "paging/upper", "an access reaches what directories, large pages and roots say",
	  PAGING(MEMORY_ANON, GUEST | BY_HOST, .upper = true) },
	{ "paging/between", "what the host has put into a directory for a while leaves no trace",
	  run_between, &(const struct paging){ MEMORY_ANON, BY_GUEST } },
	{ "paging/recycled", "an access reaches what the tables say while KVM may keep but a few of its own",
	  PAGING(MEMORY_ANON, GUEST | BY_HOST, .upper = true, .recycle = true) },
	{ "paging/shared", "an access reaches what the tables say where the frames are a guest_memfd's",
	  PAGING(MEMORY_SHARED, GUEST | BY_HOST, .upper = true) },
	{ "paging/race", "accesses reach what a table says that two vCPUs change while the host moves the frames",
	  PAGING(MEMORY_ANON, BY_GUEST | BY_HOST, .race = true) },
	{ "paging/race-recycled",
	  "accesses reach what a table says that two vCPUs change while KVM may keep but a few of its own",
	  PAGING(MEMORY_ANON, BY_GUEST | BY_HOST, .race = true, .recycle = true) },
	{ "paging/logged", "the dirty log has the tables in which accesses leave their bits",
	  run_logged, &(const struct paging){ MEMORY_ANON, BY_GUEST, .upper = true } },
	{ "paging/nested-logged", "the dirty log has the nested tables in which accesses of L2's do so",
	  run_logged,
	  &(const struct paging){ MEMORY_ANON, BY_GUEST, .upper = true, .nested = true } },
	{ "paging/smm", "an access reaches what another vCPU has stored from system management mode",
	  PAGING(MEMORY_ANON, BY_OTHER, .upper = true, .smm = true), &known_space_unprotected },
	{ "paging/nested-smm", "an access of L2's reaches what was stored from system management mode",
	  PAGING(MEMORY_ANON, BY_OTHER, .upper = true, .smm = true, .nested = true),
	  &known_space_unprotected },
	{ "paging/by-l1", "an access of L2's reaches what L2's own tables say that L1 has flushed",
	  PAGING(MEMORY_ANON, GUEST, .by_l1 = true) },
	{ "paging/nested-guest", "an access of L2's reaches what L2 has put into L1's nested page tables",
	  PAGING(MEMORY_ANON, GUEST, .nested = true) },
	{ "paging/nested-host", "an access of L2's reaches what the host has put into them",
	  PAGING(MEMORY_ANON, BY_HOST, .nested = true) },
	{ "paging/nested-upper", "an access of L2's reaches what directories, large pages and roots say",
	  PAGING(MEMORY_ANON, GUEST | BY_HOST, .upper = true, .nested = true) },
	{ "paging/nested-no-nx", "an access of L2's does so where L1 has EFER.NX clear",
	  PAGING(MEMORY_ANON, GUEST | BY_HOST, .upper = true, .nested = true, .no_nx = true),
	  &known_nested_nx },
	{ "paging/nested-recycled", "an access of L2's does so while KVM keeps but a few of its own tables",
	  PAGING(MEMORY_ANON, GUEST | BY_HOST, .upper = true, .recycle = true, .nested = true) },
	{ "paging/nested-shared", "an access of L2's reaches a guest_memfd's frames as L1's tables say",
	  PAGING(MEMORY_SHARED, GUEST | BY_HOST, .upper = true, .nested = true) },
	{ "paging/nested-race", "accesses of L2's reach what a table says that two vCPUs change",
	  PAGING(MEMORY_ANON, BY_GUEST | BY_HOST, .race = true, .nested = true) },
	{ "paging/nested-race-recycled",
	  "accesses of L2's do so while KVM keeps but a few tables of its own",
	  PAGING(MEMORY_ANON, BY_GUEST | BY_HOST, .race = true, .recycle = true, .nested = true) },
};

TEST_PROGRAM("gmem_paging_test", subtests)
