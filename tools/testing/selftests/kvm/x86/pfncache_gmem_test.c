// SPDX-License-Identifier: GPL-2.0-only
/*
 * pfncaches that know guest_memfd: KVM writes to the page that the guest has, whether or not the
 * host can map it, and lets it go with the page.  On kernels whose caches know userspace addresses
 * alone all of it is skipped; what they do is pfncache_backing_test's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "harness/diagnose.h"
#include "harness/physical.h"
#include "harness/poison.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/canary.h"
#include "machine/gmem.h"
#include "memory/memory.h"
#include "pfncache/backing_gmem.h"

#define CYCLES		10000u

static void check_guest(struct backing_scene *s, bool shows, const char *when)
{
	int r = backing_use(s);

	if (backing_guest_shows(s) != shows)
		verdict_fail(shows ? VERDICT_LOST_WRITE : VERDICT_STALE_MAPPING,
			     "%s, %s: use: %s; the guest %s token %u", s->kind->name, when,
			     strerror(-r), shows ? "does not see" : "sees", s->token);
}

static void guest_sees(struct backing_scene *s)
{
	backing_make_private(s);
	backing_point(s);
	check_guest(s, true, "activated");
	check_guest(s, true, "used again");
}

static void run_seen(const struct run *run)
{
	backing_each_kind(run->arg, guest_sees);
}

/* The hole reads as zero; the next use brings a page in. */
static void punched(struct backing_scene *s)
{
	unsigned int i;

	backing_make_private(s);
	backing_point(s);
	for (i = 0; i < 4; i++) {
		check_guest(s, true, "before a punch");
		gmem_punch(s->slot.gmem, 0, BACKING_SIZE);
		if (backing_guest_shows(s))
			verdict_fail(VERDICT_NOT_SCRUBBED, "%s: token %u is still there after a punch",
				     s->kind->name, s->token);
	}
	check_guest(s, true, "after a punch");
}

static void run_punched(const struct run *run)
{
	backing_each_kind(run->arg, punched);
}

/* One page, whoever may see it: KVM goes on to write to it. */
static void converted(struct backing_scene *s)
{
	unsigned int i;

	backing_make_private(s);
	backing_point(s);
	for (i = 0; i < 4; i++) {
		check_guest(s, true, "private");
		attributes_set(s->p.vm, BACKING_GPA, BACKING_SIZE, 0);
		check_guest(s, true, "shared");
		attributes_set(s->p.vm, BACKING_GPA, BACKING_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	}
}

static void run_converted(const struct run *run)
{
	backing_each_kind(run->arg, converted);
}

/* A page that the file gives back and that somebody else gets is written to by nobody. */
static void caught(struct backing_scene *s, void (*take)(struct backing_scene *s))
{
	struct canary *canary = canary_catcher(1);
	enum verdict_class cls;
	uint64_t value;

	if (!canary)
		verdict_skip("freed pages cannot be caught: no guest_memfd that the host can map");
	backing_make_private(s);
	backing_point(s);
	check_guest(s, true, "activated");
	take(s);
	canary_catch(canary);
	backing_use(s);
	backing_use(s);
	cls = canary_check(canary, &value);
	if (cls != VERDICT_NONE)
		diagnose_fail(cls, "a page that a cache had and the file gave back", BACKING_GPA,
			      value, 0);
	canary_destroy(canary);
}

static void take_by_punch(struct backing_scene *s)
{
	gmem_punch(s->slot.gmem, 0, BACKING_SIZE);
}

/* The slot's userspace address stays, and is not the file's. */
static void take_by_close(struct backing_scene *s)
{
	close(s->slot.gmem);
	s->slot.flags &= ~KVM_MEM_GUEST_MEMFD;
}

static void caught_by_punch(struct backing_scene *s)
{
	caught(s, take_by_punch);
}

static void caught_by_close(struct backing_scene *s)
{
	caught(s, take_by_close);
}

static void run_punch_canary(const struct run *run)
{
	backing_each_kind(run->arg, caught_by_punch);
}

static void run_close_canary(const struct run *run)
{
	backing_each_kind(run->arg, caught_by_close);
}

/* A page that the hardware has lost is written to no more; a punch brings a good one. */
static void lost(struct backing_scene *s)
{
	uint8_t *elsewhere = gmem_map(s->slot.gmem, 0, BACKING_SIZE), page[BACKING_SIZE];
	struct physical_view view;
	uint64_t address;

	poison_require();
	backing_point(s);
	check_guest(s, true, "activated");
	(void)*(volatile uint8_t *)elsewhere;	/* so that it is mapped */
	address = physical_address(elsewhere);
	view = physical_open(address);
	physical_copy(&view, page, sizeof(page));
	if (!s->kind->shows(page, s->token))
		verdict_fail(VERDICT_SETUP, "%s: token %u is not in the page at %#llx",
			     s->kind->name, s->token, (unsigned long long)address);
	poison_page(elsewhere);
	backing_use(s);
	backing_use(s);
	gmem_punch(s->slot.gmem, 0, BACKING_SIZE);
	poison_give_back(address);
	physical_copy(&view, page, sizeof(page));
	if (s->kind->shows(page, s->token))
		verdict_fail(VERDICT_STALE_MAPPING, "%s: KVM wrote token %u to a page that was lost",
			     s->kind->name, s->token);
	physical_close(&view);
	munmap(elsewhere, BACKING_SIZE);
	check_guest(s, true, "after the page was lost and punched");
}

static void run_lost(const struct run *run)
{
	backing_each_kind(run->arg, lost);
}

/* Loads and stores of the host's work; whoever would take a reference to the page is refused. */
static void refused(struct backing_scene *s)
{
	const struct iovec part = { s->slot.hva, BACKING_SIZE };
	uint64_t value = 0, *word = s->slot.hva;
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), ends[2], r;

	*word = 0x5eed;
	if (*(volatile uint64_t *)word != 0x5eed)
		verdict_fail(VERDICT_LOST_WRITE, "the host's write to a page without direct map is lost");
	verdict_require(mem >= 0 && !pipe(ends), "/proc/self/mem, pipe");
	r = vmsplice(ends[1], &part, 1, 0) < 0 ? errno : 0;
	if (r != EFAULT)
		verdict_fail(VERDICT_ABI, "vmsplice of a page without direct map: %s, expected EFAULT",
			     strerror(r));
	/* access_remote_vm() says EIO for a page that it gets no reference to. */
	r = pread(mem, &value, sizeof(value), (uintptr_t)word) < 0 ? errno : 0;
	if (r != EIO)
		verdict_fail(VERDICT_ABI, "/proc/self/mem on a page without direct map: %s, expected EIO",
			     strerror(r));
	close(mem);
	close(ends[0]);
	close(ends[1]);
}

static void run_refused(const struct run *run)
{
	backing_each_kind(run->arg, refused);
}

/* Areas of the kernel's address space that vmap() made; what was given back waits for its purge. */
static unsigned int vmalloc_areas(void)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	unsigned int areas = 0;
	char line[400];

	if (!f)
		verdict_skip("no /proc/vmallocinfo: %m");
	while (fgets(line, sizeof(line), f))
		areas += strstr(line, " vmap") && !strstr(line, "unpurged");
	fclose(f);
	return areas;
}

/* Each time that it is turned on a cache has a new address, which it gives up when turned off. */
static void torn_down(struct backing_scene *s)
{
	unsigned int before, after, i;

	backing_point(s);
	check_guest(s, true, "activated");
	before = vmalloc_areas();
	for (i = 0; i < CYCLES / PFNCACHE_KINDS; i++) {
		pfncache_point(&s->p, s->kind, PFNCACHE_NOWHERE);
		backing_point(s);
		s->token %= PFNCACHE_TOKENS - 1;
		backing_use(s);
		verdict_progress();
	}
	after = vmalloc_areas();
	if (after > before + i / 2)
		verdict_fail(VERDICT_ACCOUNTING,
			     "%s: /proc/vmallocinfo grew from %u to %u areas of vmap() while a cache of a page without direct map was turned on %u times",
			     s->kind->name, before, after, i);
}

static void run_torn_down(const struct run *run)
{
	backing_each_kind(run->arg, torn_down);
}

#define BACKING(name, private, back)	&(const struct backing){ name, private, true, back }
#define NO_DIRECT_MAP	BACKING("guest_memfd without direct map", false, backing_no_map)
#define ELSEWHERE	BACKING("guest_memfd that is mapped elsewhere", true, backing_elsewhere)
#define PRIVATE		BACKING("private guest_memfd", true, backing_private)
#define UNMAPPED	BACKING("guest_memfd that is mapped nowhere", true, backing_unmapped)
#define PRIVATE_NO_MAP							\
	BACKING("private guest_memfd without direct map", true, backing_private_no_map)

static const struct subtest subtests[] = {
	{ "pfncache-gmem/private", "the guest sees what KVM writes to its private page", run_seen,
	  PRIVATE },
	{ "pfncache-gmem/private-punched", "a punched private page is zero until KVM writes again",
	  run_punched, PRIVATE },
	{ "pfncache-gmem/private-converted", "KVM writes to the page that the guest has, private or shared",
	  run_converted, PRIVATE },
	{ "pfncache-gmem/private-punch-canary", "KVM does not write to a page that a punch freed",
	  run_punch_canary, PRIVATE },
	{ "pfncache-gmem/private-close-canary", "KVM does not write to a page whose file is gone",
	  run_close_canary, UNMAPPED },
	{ "pfncache-gmem/lost", "KVM does not write to a page that the hardware has lost", run_lost,
	  ELSEWHERE },
	{ "pfncache-gmem/no-map", "the guest sees what KVM writes to a page without direct map",
	  run_seen, NO_DIRECT_MAP },
	{ "pfncache-gmem/no-map-punched", "a punched page without direct map is zero until KVM writes again",
	  run_punched, NO_DIRECT_MAP },
	{ "pfncache-gmem/no-map-refused", "nobody takes a reference to a page without direct map",
	  run_refused, NO_DIRECT_MAP },
	{ "pfncache-gmem/no-map-torn-down", "addresses of pages without direct map are given back",
	  run_torn_down, NO_DIRECT_MAP },
	{ "pfncache-gmem/private-no-map", "the guest sees what KVM writes to its private page without direct map",
	  run_seen, PRIVATE_NO_MAP },
};

TEST_PROGRAM("pfncache_gmem_test", subtests)
