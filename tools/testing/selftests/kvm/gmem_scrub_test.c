// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever touches guest memory first sees zeroes, over the whole page, wherever the
 * page has been before: the free lists are full of a pattern, and the memory that is
 * given back was full of tokens.  And once pages are freed their old owner writes to
 * them no more.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/diagnose.h"
#include "harness/nodes.h"
#include "harness/page.h"
#include "harness/primer.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/canary.h"
#include "machine/gmem.h"
#include "scenario/scene.h"
#include "scenario/watcher.h"

#define GPA	AGENT_TEST_GPA
#define PAGES	32
#define SIZE	(PAGES * page_size())
#define PRIMED	512	/* pages: more than the test allocates in a round */
#define ROUNDS	4

enum touch { TOUCH_READ, TOUCH_WRITE, TOUCH_PRE_FAULT, TOUCH_ALLOCATE, TOUCH_HOST };

/* Memory to be given back and got again; what @renew does to it. */
struct scenario {
	enum memory_kind kind;
	enum touch touch;
	void (*renew)(struct scene *s);
};

static void renew_fresh(struct scene *s)
{
	memory_destroy(s->ram);
	s->ram = memory_create(s->vm, s->kind, GPA, SIZE);
}

static void renew_punch(struct scene *s)
{
	gmem_punch(s->ram->gmem, 0, SIZE);
}

/* Page by page, backwards: every page is the last of its range once. */
static void renew_punch_pages(struct scene *s)
{
	unsigned int page;

	for (page = PAGES; page-- > 0; )
		gmem_punch(s->ram->gmem, page * page_size(), page_size());
}

/* The file goes first, while the slot still refers to it. */
static void renew_close(struct scene *s)
{
	memory_close(s->ram);
	memory_unplug(s->ram);
	memory_reopen(s->ram);
	memory_plug(s->ram);
}

/* The slot goes first. */
static void renew_slot(struct scene *s)
{
	memory_unplug(s->ram);
	memory_close(s->ram);
	memory_reopen(s->ram);
	memory_plug(s->ram);
}

static void renew_vm(struct scene *s)
{
	scene_close(s);
	*s = scene_open(s->kind, SIZE);
}

/* The whole page as the host sees it; the guest's own look comes after. */
static void host_check_zero(const struct memory *ram, const char *what)
{
	uint64_t i;

	for (i = 0; i < SIZE / 8; i++) {
		uint64_t found = __atomic_load_n((uint64_t *)ram->hva + i, __ATOMIC_RELAXED);
		enum verdict_class cls;

		if (!found)
			continue;
		cls = diagnose_class(found, 0, ram->vm->number, i / TOKEN_WORDS, i % TOKEN_WORDS);
		diagnose_fail(cls == VERDICT_LEAK ? cls : VERDICT_NOT_SCRUBBED, what,
			      ram->gpa + 8 * i, found, 0);
	}
}

/*
 * A first touch by write: the rest of the page has to be zero.  The word written is
 * put back to zero so that one check does for all ways to touch.
 */
static void touch_write(struct scene *s)
{
	unsigned int page;

	for (page = 0; page < PAGES; page++) {
		uint64_t gpa = GPA + page * page_size() + 8 * (page % TOKEN_WORDS);

		agent_write(s->agent, gpa, token_make(s->vm->number, 0, 1, page, page));
		agent_write(s->agent, gpa, 0);
	}
}

static void touch(struct scene *s, enum touch how)
{
	switch (how) {
	case TOUCH_READ:
		break;
	case TOUCH_WRITE:
		touch_write(s);
		break;
	case TOUCH_PRE_FAULT:
		agent_pre_fault(s->agent, GPA, SIZE);
		break;
	case TOUCH_ALLOCATE:
		gmem_allocate(s->ram->gmem, 0, SIZE);
		break;
	case TOUCH_HOST:
		host_check_zero(s->ram, "first touch by the host");
		break;
	}
	agent_check_zero(s->agent, GPA, SIZE, "first touch of memory got again");
	if (s->kind == MEMORY_SHARED)
		host_check_zero(s->ram, "host's view of memory got again");
}

static void run_scrub(const struct run *run)
{
	const struct scenario *sc = run->arg;
	struct scene s;
	int round;

	if (sc->touch == TOUCH_PRE_FAULT && !kvm_cap(KVM_CAP_PRE_FAULT_MEMORY))
		verdict_skip("KVM_PRE_FAULT_MEMORY is not offered (KVM_CAP_PRE_FAULT_MEMORY is 0)");
	/* One CPU for the vCPU and the host, so that both draw on the same primed lists. */
	nodes_pin(0);
	s = scene_open(sc->kind, SIZE);
	for (round = 0; round < ROUNDS; round++) {
		uint64_t token = token_make(s.vm->number, TOKEN_ACTOR_FILL, round + 1, 0, 0);

		agent_fill(s.agent, GPA, GPA, SIZE, token);
		agent_verify(s.agent, GPA, GPA, SIZE, token, "memory just filled");
		sc->renew(&s);
		primer_spread(PRIMED);
		touch(&s, sc->touch);
		verdict_progress();
	}
	scene_close(&s);
}

/* Pages that fallocate brought in and a punch took away before anybody had used them. */
static void punch_untouched(const struct run *run)
{
	struct scene s;

	(void)run;
	nodes_pin(0);
	s = scene_open(MEMORY_PRIVATE, SIZE);
	primer_spread(PRIMED);
	gmem_allocate(s.ram->gmem, 0, SIZE);
	gmem_punch(s.ram->gmem, 0, SIZE);
	agent_check_zero(s.agent, GPA, SIZE, "memory punched before its first use");
	scene_close(&s);
}

/* Private memory of one VM, closed, must not show up in another VM either. */
static void run_second_vm(const struct run *run)
{
	struct scene victim, thief;
	uint64_t i;

	nodes_pin(0);
	for (i = 0; i < run->iterations / 4 + 1; i++) {
		victim = scene_open(MEMORY_PRIVATE, SIZE);
		agent_fill(victim.agent, GPA, GPA, SIZE,
			   token_make(victim.vm->number, TOKEN_ACTOR_FILL, 1, 0, 0));
		thief = scene_open(MEMORY_PRIVATE, SIZE);
		scene_close(&victim);
		agent_check_zero(thief.agent, GPA, SIZE, "memory of a VM that is gone");
		scene_close(&thief);
		verdict_progress();
	}
}

/*
 * vCPU 0 writes all the time, on a CPU of its own.  The host punches, and the catcher
 * on the same CPU as the punch gets the freed pages: whatever appears in them was
 * written through a mapping that should be gone.
 */
static void run_canary(const struct run *run)
{
	const enum memory_kind kind = *(const enum memory_kind *)run->arg;
	struct watchers_config config = { .flags = WATCH_WRITE, .seed = run->seed };
	struct scene s;
	enum verdict_class cls;
	struct canary *canary;
	struct watchers w;
	uint64_t i, value;

	s = scene_open(kind, SIZE);
	canary = canary_catcher(PAGES);
	if (!canary)
		verdict_skip("freed pages cannot be caught: no guest_memfd that the host can map");
	nodes_pin(1);
	watchers_start(&w, s.ram, &s.agent, 1, &config);
	watchers_pass(&w);
	for (i = 0; i < run->iterations; i++) {
		watchers_begin(&w, 0, PAGES, TIMELINE_RESET0);
		gmem_punch(s.ram->gmem, 0, SIZE);
		canary_catch(canary);
		watchers_end(&w, 0, PAGES);
		watchers_pass(&w);
		cls = canary_check(canary, &value);
		if (cls != VERDICT_NONE)
			diagnose_fail(cls, "a page freed by a punch, given to somebody else", GPA,
				      value, 0);
		canary_release(canary);
	}
	watchers_stop(&w);
	canary_destroy(canary);
	scene_close(&s);
}

#define SCRUB(...)	run_scrub, &(const struct scenario){ __VA_ARGS__ }
#define CANARY(kind)	run_canary, &(const enum memory_kind){ kind }

static const struct subtest subtests[] = {
	{ "scrub/fresh-private-read", "new private memory reads zero",
	  SCRUB(MEMORY_PRIVATE, TOUCH_READ, renew_fresh) },
	{ "scrub/fresh-shared-host", "new shared memory reads zero through the host's mapping",
	  SCRUB(MEMORY_SHARED, TOUCH_HOST, renew_fresh) },
	{ "scrub/punch-private-read", "punched private memory reads zero",
	  SCRUB(MEMORY_PRIVATE, TOUCH_READ, renew_punch) },
	{ "scrub/punch-private-write", "a write brings in a page that is zero elsewhere",
	  SCRUB(MEMORY_PRIVATE, TOUCH_WRITE, renew_punch) },
	{ "scrub/punch-private-pre-fault", "pre-fault brings in zeroed pages",
	  SCRUB(MEMORY_PRIVATE, TOUCH_PRE_FAULT, renew_punch) },
	{ "scrub/punch-private-allocate", "fallocate brings in pages that the guest reads as zero",
	  SCRUB(MEMORY_PRIVATE, TOUCH_ALLOCATE, renew_punch) },
	{ "scrub/punch-private-pages", "pages punched one by one read zero",
	  SCRUB(MEMORY_PRIVATE, TOUCH_READ, renew_punch_pages) },
	{ "scrub/punch-untouched", "memory punched before its first use reads zero",
	  punch_untouched },
	{ "scrub/punch-shared-read", "punched shared memory reads zero in the guest",
	  SCRUB(MEMORY_SHARED, TOUCH_READ, renew_punch) },
	{ "scrub/punch-shared-host", "punched shared memory reads zero through the host's mapping",
	  SCRUB(MEMORY_SHARED, TOUCH_HOST, renew_punch) },
	{ "scrub/punch-shared-pre-fault", "punched shared memory reads zero after pre-fault",
	  SCRUB(MEMORY_SHARED, TOUCH_PRE_FAULT, renew_punch) },
	{ "scrub/punch-shared-allocate", "punched shared memory reads zero after fallocate",
	  SCRUB(MEMORY_SHARED, TOUCH_ALLOCATE, renew_punch) },
	{ "scrub/close-private-read",
	  "a new private file in place of one that was closed reads zero",
	  SCRUB(MEMORY_PRIVATE, TOUCH_READ, renew_close) },
	{ "scrub/close-private-pre-fault",
	  "a new private file in place of one that was closed reads zero after pre-fault",
	  SCRUB(MEMORY_PRIVATE, TOUCH_PRE_FAULT, renew_close) },
	{ "scrub/close-shared-host",
	  "a new shared file in place of one that was closed reads zero when the host touches it first",
	  SCRUB(MEMORY_SHARED, TOUCH_HOST, renew_close) },
	{ "scrub/slot-private-read", "a new slot on a new private file reads zero",
	  SCRUB(MEMORY_PRIVATE, TOUCH_READ, renew_slot) },
	{ "scrub/slot-shared-write",
	  "a new slot on a new shared file is zero around the guest's first write",
	  SCRUB(MEMORY_SHARED, TOUCH_WRITE, renew_slot) },
	{ "scrub/vm-private-read", "memory of a VM that is gone reads zero in the next one",
	  SCRUB(MEMORY_PRIVATE, TOUCH_READ, renew_vm) },
	{ "scrub/vm-shared-host",
	  "shared memory of a VM that is gone reads zero in the next one when the host touches it first",
	  SCRUB(MEMORY_SHARED, TOUCH_HOST, renew_vm) },
	{ "scrub/vm-second", "nothing of a VM that goes shows up in one that stays",
	  run_second_vm },
	{ "scrub/canary-private", "nobody writes to private pages once a punch has freed them",
	  CANARY(MEMORY_PRIVATE) },
	{ "scrub/canary-shared", "nobody writes to shared pages once a punch has freed them",
	  CANARY(MEMORY_SHARED) },
};

TEST_PROGRAM("gmem_scrub_test", subtests)
