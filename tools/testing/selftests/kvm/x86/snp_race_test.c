// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may happen at the same time to an SNP guest: requests that change while KVM reads them,
 * pages that two vCPUs convert, or that the host takes away meanwhile, and vCPUs that run into the
 * end of the launch.
 */
#include <pthread.h>
#include <unistd.h>
#include "abi/array.h"
#include "abi/cycles.h"
#include "abi/x86/agent_arch.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/scene.h"
#include "scenario/x86/ghcb_page.h"
#include "scenario/x86/snp_bare.h"

#define PAGES	16u
#define SIZE	(PAGES * PAGE)
#define GPA	AGENT_TEST_GPA

/* A host thread that does something again and again, and how often it did. */
struct rival {
	void (*act)(struct rival *r);
	void *arg;
	pthread_t thread;
	uint64_t done;
	uint64_t turn;		/* of the other side */
	bool stop;
	struct prng prng;
};

static void *rival_thread(void *arg)
{
	struct rival *r = arg;

	while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED)) {
		r->act(r);
		__atomic_fetch_add(&r->done, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void rival_start(struct rival *r, const struct run *run)
{
	r->prng = (struct prng){ run->seed };
	verdict_require(!pthread_create(&r->thread, NULL, rival_thread, r), "thread");
}

static void rival_stop(struct rival *r)
{
	__atomic_store_n(&r->stop, true, __ATOMIC_RELAXED);
	pthread_join(r->thread, NULL);
}

static uint64_t rival_done(const struct rival *r)
{
	return __atomic_load_n(&r->done, __ATOMIC_RELAXED);
}

/* Another vCPU of the guest could do that: header and entries of a request under way. */
static void scribble(struct rival *r)
{
	volatile uint64_t *buffer = r->arg;
	const uint64_t op = prng_below(&r->prng, 4), page = prng_below(&r->prng, 2 * PAGES);
	const uint64_t done = prng_below(&r->prng, 8) ? 0 : prng_below(&r->prng, 600);

	if (prng_below(&r->prng, 16))
		buffer[1 + prng_below(&r->prng, PSC_ENTRIES)] =
			PSC_ENTRY(GPA + page * 4096, op, done) |
			(prng_below(&r->prng, 4) ? 0 : PSC_2M);
	else
		buffer[0] = PSC_HEADER(prng_below(&r->prng, 300), prng_below(&r->prng, 70000));
}

/* An exit is about pages that some entry could have named. */
static int check_exit(struct agent *a, uint64_t gpa, uint64_t size, bool to_private, void *arg)
{
	uint64_t *exits = arg;

	(void)a;
	(void)to_private;
	++*exits;
	if (gpa % 4096 || size % 4096 || !size || gpa < GPA ||
	    gpa + size > GPA + (2 * PAGES + PSC_ENTRIES * 512) * 4096ull)
		verdict_fail(VERDICT_ABI, "an exit for [%#llx, +%#llx), which no entry named",
			     (unsigned long long)gpa, (unsigned long long)size);
	return 0;
}

static void run_rewritten(const struct run *run)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, SIZE);
	struct ghcb_page g = ghcb_page_create(s.agent);
	struct rival rival = { .act = scribble };
	uint64_t i, k, before, met = 0, exits = 0;

	rival.arg = (uint64_t *)vm_control_ptr(s.vm, g.gpa) + GHCB_BUFFER;
	s.agent->on_convert = check_exit;
	s.agent->on_fault_arg = &exits;
	rival_start(&rival, run);
	for (i = 0; i < run->iterations; i++) {
		ghcb_page_begin(&g, GHCB_PSC, 0, 0);
		ghcb_page_set(&g, GHCB_SCRATCH, g.gpa + 8 * GHCB_BUFFER);
		g.field[GHCB_BUFFER] = PSC_HEADER(0, PSC_ENTRIES - 1);
		for (k = 0; k < PSC_ENTRIES; k++)
			g.field[GHCB_BUFFER + 1 + k] =
				PSC_ENTRY(GPA + k % PAGES * 4096, k & 1 ? PSC_SHARED : PSC_PRIVATE,
					  0);
		before = rival_done(&rival);
		verdict_expect("SW_EXITINFO1 of a request that changes", ghcb_page_exit(&g), 0);
		met += rival_done(&rival) != before;
	}
	rival_stop(&rival);
	verdict_exercised(run->iterations, exits ? met : 0);
	scene_close(&s);
	snp_bare_left();
}

#define ENTRIES	4u	/* of a request, until its header says otherwise */

struct resized {
	volatile uint64_t *header;	/* in the page that KVM reads */
	unsigned int entries, exits;
};

static int resize(struct agent *a, uint64_t gpa, uint64_t size, bool to_private, void *arg)
{
	struct resized *r = arg;

	(void)a;
	(void)gpa;
	(void)size;
	(void)to_private;
	r->exits++;
	*r->header = PSC_HEADER(r->exits - 1, r->entries - 1);
	return 0;
}

/* KVM has checked how many entries there are, and must not ask again. */
static void run_resized(const struct run *run)
{
	static const unsigned int rows[] = { 2 * ENTRIES, 1, 60000 };
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, SIZE);
	struct ghcb_page g = ghcb_page_create(s.agent);
	struct resized r = { (uint64_t *)vm_control_ptr(s.vm, g.gpa) + GHCB_BUFFER };
	unsigned int i, k;

	(void)run;
	s.agent->on_convert = resize;
	s.agent->on_fault_arg = &r;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		r.entries = rows[i];
		r.exits = 0;
		ghcb_page_begin(&g, GHCB_PSC, 0, 0);
		ghcb_page_set(&g, GHCB_SCRATCH, g.gpa + 8 * GHCB_BUFFER);
		g.field[GHCB_BUFFER] = PSC_HEADER(0, ENTRIES - 1);
		/* With gaps: each of them is one exit. */
		for (k = 0; k < 2 * ENTRIES; k++)
			g.field[GHCB_BUFFER + 1 + k] =
				PSC_ENTRY(GPA + 2 * k * 4096ull, PSC_SHARED, 0);
		verdict_expect("SW_EXITINFO1 of a request that is resized", ghcb_page_exit(&g), 0);
		if (r.exits != ENTRIES)
			verdict_fail(VERDICT_ABI, "%u entries, %u of them from the first exit on: %u exits, expected %u",
				     ENTRIES, rows[i], r.exits, ENTRIES);
	}
	scene_close(&s);
}

static void convert(struct agent *a, bool private)
{
	struct agent_op op = {
		.opcode = AGENT_OP_CONVERT, .gpa = GPA, .size = SIZE, .arg = private,
	};

	/* It may find a page that is the other's by now: then it has failed, and says so. */
	if (agent_run(a, &op)->status != AGENT_OK &&
	    a->mb->result.status != AGENT_REFUSED) {
		char text[200];

		agent_describe(a, text, sizeof(text));
		verdict_fail(VERDICT_PERMISSION, "a conversion beside another one: %s", text);
	}
}

static void convert_both_ways(struct rival *r)
{
	convert(r->arg, r->done & 1);
}

/*
 * Once in each turn, at any time in it: a host that never stops punching would not let a vCPU get
 * as far as the page that it has just been given.
 */
static void punch_some(struct rival *r)
{
	const struct scene *s = r->arg;
	const uint64_t first = prng_below(&r->prng, PAGES), count = PAGES - first;
	uint32_t wait = prng_below(&r->prng, 300000);

	while (__atomic_load_n(&r->turn, __ATOMIC_RELAXED) == r->done &&
	       !__atomic_load_n(&r->stop, __ATOMIC_RELAXED))
		cycles_relax();
	while (wait--)
		cycles_relax();
	gmem_punch(s->ram->gmem, first * PAGE, (1 + prng_below(&r->prng, count)) * PAGE);
}

static enum agent_action retry(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	(void)a;
	(void)arg;
	return exit->kind == VCPU_EXIT_MEMORY_FAULT ? AGENT_RETRY : AGENT_LOST;
}

/* Afterwards all of it is the guest's again, and works. */
static void check_usable(struct scene *s)
{
	const uint64_t token = token_make(s->vm->number, TOKEN_ACTOR_FILL, 1, 0, 0);

	attributes_set(s->vm, GPA, SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	agent_fill(s->agent, GPA, GPA, SIZE, token);
	agent_verify(s->agent, GPA, GPA, SIZE, token, "pages after conversions side by side");
	scene_close(s);
	snp_bare_left();
}

static void run_beside(const struct run *run)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, SIZE);
	struct agent *other = run->arg ? NULL : agent_create(s.vm, 1, 1);
	struct rival rival = {
		.act = other ? convert_both_ways : punch_some, .arg = other ? (void *)other : &s,
	};
	uint64_t i, before, met = 0;

	s.agent->on_fault = retry;
	if (other)
		other->on_fault = retry;
	rival_start(&rival, run);
	for (i = 0; i < 4 * run->iterations; i++) {
		before = rival_done(&rival);
		__atomic_store_n(&rival.turn, before + 1, __ATOMIC_RELAXED);
		convert(s.agent, i & 1);
		met += rival_done(&rival) != before;
	}
	rival_stop(&rival);
	if (other)
		agent_destroy(other);
	verdict_exercised(i, met);
	check_usable(&s);
}

static void run_vcpu(struct rival *r)
{
	/* Before the launch it cannot enter, afterwards it is at the reset vector, in a hole. */
	__vcpu_ioctl((struct vcpu *)r->arg, KVM_RUN, NULL);
	verdict_progress();
}

static void run_finish(const struct run *run)
{
	uint64_t i, met = 0;

	for (i = 0; i < run->iterations; i++) {
		struct snp_bare b = snp_bare_open(SNP_UPDATED);
		struct vcpu vcpu = { .vm = b.vm, .fd = vm_ioctl(b.vm, KVM_CREATE_VCPU, 0) };
		struct rival rival = { .act = run_vcpu, .arg = &vcpu };
		struct snp_finish_args finish = { 0 };

		rival_start(&rival, run);
		while (!rival_done(&rival))
			verdict_progress();
		verdict_errno("FINISH while a vCPU runs",
			      __snp_command(b.vm, SNP_LAUNCH_FINISH, &finish, NULL), 0);
		rival_stop(&rival);
		met += rival.done > 1;
		close(vcpu.fd);
		snp_bare_close(&b);
	}
	verdict_exercised(i, met);
	snp_bare_left();
}

static const struct subtest subtests[] = {
	{ "snp-race/rewritten", "a request that changes while KVM reads it harms the guest alone",
	  run_rewritten },
	{ "snp-race/resized", "a request ends where it did when KVM had looked, whatever it says later",
	  run_resized },
	{ "snp-race/same-pages", "two vCPUs convert the same pages, which stay usable",
	  run_beside },
	{ "snp-race/punched", "pages that are punched while they are converted stay usable",
	  run_beside, "punch" },
	{ "snp-race/finish", "a launch ends beside a vCPU that is being run", run_finish },
};

TEST_PROGRAM("snp_race_test", subtests)
