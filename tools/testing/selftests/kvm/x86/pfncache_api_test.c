// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a pfncache may point, and what a refused address leaves behind.  As in Linux 7.3:
 *
 *	refused by			errno	the cache afterwards
 *	alignment (xen.c)		ENXIO	where it was; EINVAL for shared_info's hva
 *	crossing a page, length		EINVAL	where it was (kvm_gpc_is_valid_len())
 *	host address of the kernel	EINVAL	where it was (kvm_gpc_activate_hva())
 *	no memory, read-only memory	EFAULT	at the new address, without memory
 *
 * The last row differs for the runstate area, which is off then (xen.c, deactivate_out).  The
 * MSRs of kvmclock report none of it: a guest learns from a version that stays 0, and memory
 * that turns up later is used (msrs.c, kvm_write_system_time() drops the result).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "ram.h"
#include "runner.h"
#include "x86/pfncache.h"

#define PAGE		4096ull
#define PAGES		4u
#define GPA		AGENT_TEST_GPA
#define READ_ONLY_GPA	(GPA + (1ull << 20))
#define HOLE_GPA	(GPA + (1ull << 30))
#define KERNEL_HVA	0xffff888000000000ull

enum place { FIRST, SECOND, ODD, CROSSING, READ_ONLY, HOLE, KERNEL };

struct scene {
	struct pfncache_vm p;
	const struct pfncache_kind *kind;
	struct ram *ram;
	struct memslot read_only;
	uint8_t *hole;		/* host address of nothing */
	uint8_t before[PAGES * PAGE];
};

static void scene_open(struct scene *s, const struct pfncache_kind *kind)
{
	s->kind = kind;
	pfncache_open(&s->p, kind);
	s->ram = ram_create(s->p.vm, RAM_ANON, GPA, PAGES * PAGE);
	s->read_only = (struct memslot){
		.id = s->p.vm->next_slot++,
		.flags = KVM_MEM_READONLY,
		.gpa = READ_ONLY_GPA,
		.size = PAGE,
		.hva = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	};
	verdict_require(s->read_only.hva != MAP_FAILED, "mmap");
	s->hole = s->read_only.hva + PAGE;
	munmap(s->hole, PAGE);
	memslot_set(s->p.vm, &s->read_only);
}

static void scene_close(struct scene *s)
{
	ram_destroy(s->ram);
	memslot_delete(s->p.vm, &s->read_only);
	munmap(s->read_only.hva, PAGE);
	pfncache_close(&s->p);
}

/* Where in the RAM a place is; those that are elsewhere have no offset. */
static uint64_t place_offset(const struct scene *s, enum place place)
{
	switch (place) {
	case SECOND:
		return PAGE;
	case ODD:
		return 2 * PAGE + 2;
	case CROSSING:
		/* The last 4 bytes, or 24 for what may be split, lie in the next page. */
		return 3 * PAGE - s->kind->size + (s->kind->split ? 24 : 4);
	default:
		return 0;
	}
}

static uint64_t place_address(const struct scene *s, enum place place)
{
	switch (place) {
	case READ_ONLY:
		return s->kind->hva ? (uintptr_t)s->read_only.hva : READ_ONLY_GPA;
	case HOLE:
		return s->kind->hva ? (uintptr_t)s->hole : HOLE_GPA;
	case KERNEL:
		return KERNEL_HVA;
	default:
		return (s->kind->hva ? (uintptr_t)s->ram->hva : GPA) + place_offset(s, place);
	}
}

/* Make KVM write @token; @expected is what the call returns, if it is one that can tell. */
static void scene_use(struct scene *s, uint32_t token, int expected)
{
	int r = s->kind->use(&s->p, token);

	if (s->kind->size != PAGE)
		expected = 0;
	if (r != -expected)
		verdict_fail(VERDICT_ABI, "use of %s: %s, expected %s", s->kind->name,
			     strerror(-r), strerror(expected));
}

static void scene_snapshot(struct scene *s)
{
	memcpy(s->before, s->ram->hva, sizeof(s->before));
}

/* Nothing of the RAM has changed since the snapshot, but for @size bytes from @offset. */
static void scene_unchanged(const struct scene *s, uint64_t offset, uint64_t size,
			    const char *since)
{
	uint64_t i;

	for (i = 0; i < sizeof(s->before); i++)
		if (i - offset >= size && s->ram->hva[i] != s->before[i])
			verdict_fail(VERDICT_STALE_MAPPING,
				     "%s %s: byte %#llx of RAM was %#x and is %#x", s->kind->name,
				     since, (unsigned long long)i, s->before[i], s->ram->hva[i]);
}

static void scene_shows(const struct scene *s, uint64_t offset, uint32_t token, const char *when)
{
	if (!s->kind->shows(s->ram->hva + offset, token))
		verdict_fail(VERDICT_LOST_WRITE, "%s %s: token %u is not at offset %#llx",
			     s->kind->name, when, token, (unsigned long long)offset);
}

static void scene_where(struct scene *s, uint64_t expected, const char *when)
{
	uint64_t where = s->kind->where(&s->p);

	if (where != expected)
		verdict_fail(VERDICT_ABI, "%s %s: KVM says %#llx, expected %#llx", s->kind->name,
			     when, (unsigned long long)where, (unsigned long long)expected);
}

/* Active in the first page, and nothing yet asked of it. */
static void scene_first(struct scene *s)
{
	pfncache_point(&s->p, s->kind, place_address(s, FIRST));
	scene_use(s, 1, 0);
	scene_shows(s, 0, 1, "in its first place");
}

static void each_kind(void (*fn)(struct scene *s))
{
	const struct pfncache_kind *kind;
	unsigned int tried = 0;
	struct scene *s;

	for (kind = pfncache_kinds; kind->name; kind++) {
		if (!pfncache_offered(kind))
			continue;
		s = calloc(1, sizeof(*s));
		verdict_require(s, "out of memory");
		scene_open(s, kind);
		fn(s);
		scene_close(s);
		free(s);
		tried++;
		verdict_progress();
	}
	if (!tried)
		verdict_skip("no kind of pfncache is offered");
}

static void off(struct scene *s)
{
	scene_where(s, PFNCACHE_NOWHERE, "before its first use");
	scene_first(s);
	scene_where(s, place_address(s, FIRST), "in its first place");
	pfncache_point(&s->p, s->kind, PFNCACHE_NOWHERE);
	scene_snapshot(s);
	scene_where(s, PFNCACHE_NOWHERE, "turned off");
	scene_use(s, 2, EINVAL);
	scene_unchanged(s, 0, 0, "turned off");
	pfncache_point(&s->p, s->kind, PFNCACHE_NOWHERE);
	pfncache_point(&s->p, s->kind, place_address(s, FIRST));
	scene_use(s, 3, 0);
	scene_shows(s, 0, 3, "turned on again");
}

static void move(struct scene *s)
{
	uint64_t target = place_offset(s, SECOND);

	scene_first(s);
	scene_snapshot(s);
	pfncache_point(&s->p, s->kind, place_address(s, SECOND));
	scene_where(s, place_address(s, SECOND), "moved");
	scene_use(s, 2, 0);
	scene_shows(s, target, 2, "moved");
	scene_unchanged(s, target, s->kind->size, "moved away");
	scene_snapshot(s);
	pfncache_point(&s->p, s->kind, place_address(s, FIRST));
	scene_use(s, 3, 0);
	scene_shows(s, 0, 3, "moved back");
	scene_unchanged(s, 0, s->kind->size, "moved back");
}

/* A refused address: with @kept the cache goes on where it was, without it nowhere. */
static void refused(struct scene *s, enum place place, int error, bool kept)
{
	int expected = s->kind->silent ? 0 : error, r;
	bool off = !kept && s->kind->split;

	scene_first(s);
	scene_snapshot(s);
	r = s->kind->point(&s->p, place_address(s, place));
	if (r != -expected)
		verdict_fail(VERDICT_ABI, "%s at %#llx: %s, expected %s", s->kind->name,
			     (unsigned long long)place_address(s, place), strerror(-r),
			     strerror(expected));
	scene_where(s, off ? PFNCACHE_NOWHERE :
		    place_address(s, kept && !s->kind->silent ? FIRST : place), "refused");
	scene_use(s, 2, kept ? 0 : EFAULT);
	if (kept)
		scene_shows(s, 0, 2, "refused");
	scene_unchanged(s, 0, kept ? s->kind->size : 0, "refused");
	pfncache_point(&s->p, s->kind, place_address(s, SECOND));
	scene_use(s, 3, 0);
	scene_shows(s, place_offset(s, SECOND), 3, "after a refusal");
}

/* An address that is as good as any other. */
static void accepted(struct scene *s, enum place place)
{
	scene_first(s);
	scene_snapshot(s);
	pfncache_point(&s->p, s->kind, place_address(s, place));
	scene_use(s, 2, 0);
	scene_shows(s, place_offset(s, place), 2, "at an odd place");
	scene_unchanged(s, place_offset(s, place), s->kind->size, "moved away");
}

static void odd(struct scene *s)
{
	if (!s->kind->align)
		accepted(s, ODD);
	else if (s->kind->align < PAGE)
		refused(s, ODD, ENXIO, true);
	else if (s->kind->hva)
		refused(s, ODD, EINVAL, true);
}

static void crossing(struct scene *s)
{
	if (s->kind->split)
		accepted(s, CROSSING);
	else if (s->kind->align < PAGE)
		refused(s, CROSSING, EINVAL, true);
}

static void read_only(struct scene *s)
{
	const uint8_t *page = s->read_only.hva;
	unsigned int i;

	refused(s, READ_ONLY, EFAULT, false);
	for (i = 0; i < PAGE; i++)
		if (page[i])
			verdict_fail(VERDICT_PERMISSION, "%s: read-only memory was written",
				     s->kind->name);
}

static void hole(struct scene *s)
{
	refused(s, HOLE, EFAULT, false);
}

static void kernel_address(struct scene *s)
{
	if (s->kind->hva)
		refused(s, KERNEL, EINVAL, true);
	else
		refused(s, KERNEL, EFAULT, false);
}

/* Memory that turns up after it was refused is used; a runstate area is off and stays so. */
static void late(struct scene *s)
{
	struct ram *ram;

	if (s->kind->hva)
		return;
	scene_first(s);
	s->kind->point(&s->p, HOLE_GPA);
	ram = ram_create(s->p.vm, RAM_ANON, HOLE_GPA, PAGE);
	scene_use(s, 2, 0);
	if (s->kind->shows(ram->hva, 2) == s->kind->split)
		verdict_fail(VERDICT_ABI, "%s in memory that came later: token %s", s->kind->name,
			     s->kind->split ? "written, but the cache is off" : "not written");
	ram_destroy(ram);
}

#define EACH(fn) static void run_##fn(const struct run *run) { (void)run; each_kind(fn); }
EACH(off)
EACH(move)
EACH(odd)
EACH(crossing)
EACH(read_only)
EACH(hole)
EACH(kernel_address)
EACH(late)

static const struct subtest subtests[] = {
	{ "pfncache/off", "a cache that is turned off writes nothing, and can be turned on again",
	  run_off },
	{ "pfncache/move", "a cache that was moved writes there and nowhere else", run_move },
	{ "pfncache/odd", "addresses that are not aligned are refused or obeyed, by kind", run_odd },
	{ "pfncache/crossing", "only the runstate area may cross a page", run_crossing },
	{ "pfncache/read-only", "read-only memory is refused and never written", run_read_only },
	{ "pfncache/hole", "an address without memory is refused, and not fatal", run_hole },
	{ "pfncache/kernel-address", "the kernel's addresses are refused", run_kernel_address },
	{ "pfncache/late", "memory that turns up later is used by a cache that waits for it",
	  run_late },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("pfncache_api_test", subtests);

	return runner_main(argc, argv, &program);
}
