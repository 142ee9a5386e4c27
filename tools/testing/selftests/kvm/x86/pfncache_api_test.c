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
#include <string.h>
#include "harness/runner.h"
#include "pfncache/place.h"

static void off(struct place_scene *s)
{
	place_where(s, PFNCACHE_NOWHERE, "before its first use");
	place_first(s);
	place_where(s, place_address(s, FIRST), "in its first place");
	pfncache_point(&s->p, s->kind, PFNCACHE_NOWHERE);
	place_snapshot(s);
	place_where(s, PFNCACHE_NOWHERE, "turned off");
	place_use(s, 2, EINVAL);
	place_unchanged(s, 0, 0, "turned off");
	pfncache_point(&s->p, s->kind, PFNCACHE_NOWHERE);
	pfncache_point(&s->p, s->kind, place_address(s, FIRST));
	place_use(s, 3, 0);
	place_shows(s, 0, 3, "turned on again");
}

static void move(struct place_scene *s)
{
	uint64_t target = place_offset(s, SECOND);

	place_first(s);
	place_snapshot(s);
	pfncache_point(&s->p, s->kind, place_address(s, SECOND));
	place_where(s, place_address(s, SECOND), "moved");
	place_use(s, 2, 0);
	place_shows(s, target, 2, "moved");
	place_unchanged(s, target, s->kind->size, "moved away");
	place_snapshot(s);
	pfncache_point(&s->p, s->kind, place_address(s, FIRST));
	place_use(s, 3, 0);
	place_shows(s, 0, 3, "moved back");
	place_unchanged(s, 0, s->kind->size, "moved back");
}

/* A refused address: with @kept the cache goes on where it was, without it nowhere. */
static void refused(struct place_scene *s, enum place at, int error, bool kept)
{
	int expected = s->kind->silent ? 0 : error, r;
	bool off = !kept && s->kind->split;

	place_first(s);
	place_snapshot(s);
	r = s->kind->point(&s->p, place_address(s, at));
	if (r != -expected)
		verdict_fail(VERDICT_ABI, "%s at %#llx: %s, expected %s", s->kind->name,
			     (unsigned long long)place_address(s, at), strerror(-r),
			     strerror(expected));
	place_where(s, off ? PFNCACHE_NOWHERE :
		    place_address(s, kept && !s->kind->silent ? FIRST : at), "refused");
	place_use(s, 2, kept ? 0 : EFAULT);
	if (kept)
		place_shows(s, 0, 2, "refused");
	place_unchanged(s, 0, kept ? s->kind->size : 0, "refused");
	pfncache_point(&s->p, s->kind, place_address(s, SECOND));
	place_use(s, 3, 0);
	place_shows(s, place_offset(s, SECOND), 3, "after a refusal");
}

/* An address that is as good as any other. */
static void accepted(struct place_scene *s, enum place at)
{
	place_first(s);
	place_snapshot(s);
	pfncache_point(&s->p, s->kind, place_address(s, at));
	place_use(s, 2, 0);
	place_shows(s, place_offset(s, at), 2, "at an odd place");
	place_unchanged(s, place_offset(s, at), s->kind->size, "moved away");
}

static void odd(struct place_scene *s)
{
	if (!s->kind->align)
		accepted(s, ODD);
	else if (s->kind->align < PLACE_PAGE)
		refused(s, ODD, ENXIO, true);
	else if (s->kind->hva)
		refused(s, ODD, EINVAL, true);
}

static void crossing(struct place_scene *s)
{
	if (s->kind->split)
		accepted(s, CROSSING);
	else if (s->kind->align < PLACE_PAGE)
		refused(s, CROSSING, EINVAL, true);
}

static void read_only(struct place_scene *s)
{
	const uint8_t *page = s->read_only.hva;
	unsigned int i;

	refused(s, READ_ONLY, EFAULT, false);
	for (i = 0; i < PLACE_PAGE; i++)
		if (page[i])
			verdict_fail(VERDICT_PERMISSION, "%s: read-only memory was written",
				     s->kind->name);
}

static void hole(struct place_scene *s)
{
	refused(s, HOLE, EFAULT, false);
}

static void kernel_address(struct place_scene *s)
{
	if (s->kind->hva)
		refused(s, KERNEL, EINVAL, true);
	else
		refused(s, KERNEL, EFAULT, false);
}

/* Memory that turns up after it was refused is used; a runstate area is off and stays so. */
static void late(struct place_scene *s)
{
	struct memory *ram;

	if (s->kind->hva)
		return;
	place_first(s);
	s->kind->point(&s->p, PLACE_HOLE);
	ram = memory_create(s->p.vm, MEMORY_ANON, PLACE_HOLE, PLACE_PAGE);
	place_use(s, 2, 0);
	if (s->kind->shows(ram->hva, 2) == s->kind->split)
		verdict_fail(VERDICT_ABI, "%s in memory that came later: token %s", s->kind->name,
			     s->kind->split ? "written, but the cache is off" : "not written");
	memory_destroy(ram);
}

/* Pages of the RAM that the dirty log names; reading it clears it. */
static uint64_t dirty_pages(struct place_scene *s)
{
	uint64_t bitmap = 0;
	struct kvm_dirty_log log = { .slot = s->ram->slots[0].id, .dirty_bitmap = &bitmap };

	vm_ioctl(s->p.vm, KVM_GET_DIRTY_LOG, &log);
	return bitmap;
}

/*
 * Dirty logging covers what KVM writes, in both pages of a structure that is split.  Event
 * channels are exempt (api.rst, 4.126), and what has a host address is in no memslot.
 */
static void dirty(struct place_scene *s)
{
	enum place at = s->kind->split ? CROSSING : SECOND;
	uint64_t expected = (s->kind->split ? 3 : 1) << place_offset(s, at) / PLACE_PAGE, pages;

	if (s->kind->hva || s->kind->align == PLACE_PAGE)
		return;
	place_first(s);
	s->ram->slots[0].flags = KVM_MEM_LOG_DIRTY_PAGES;
	memslot_set(s->p.vm, &s->ram->slots[0]);
	pfncache_point(&s->p, s->kind, place_address(s, at));
	place_use(s, 2, 0);
	dirty_pages(s);
	place_use(s, 3, 0);
	place_shows(s, place_offset(s, at), 3, "with dirty logging");
	pages = dirty_pages(s);
	if (pages != expected)
		verdict_fail(VERDICT_LOST_WRITE,
			     "%s: pages %#llx are in the dirty log, expected %#llx", s->kind->name,
			     (unsigned long long)pages, (unsigned long long)expected);
}

#define EACH(fn) static void run_##fn(const struct run *run) { (void)run; place_each_kind(fn); }
EACH(off)
EACH(move)
EACH(odd)
EACH(crossing)
EACH(read_only)
EACH(hole)
EACH(kernel_address)
EACH(late)
EACH(dirty)

static const struct subtest subtests[] = {
	{ "pfncache/off", "a cache that is turned off writes nothing, and can be turned on again",
	  run_off },
	{ "pfncache/move", "a cache that was moved writes there and nowhere else", run_move },
	{ "pfncache/odd", "addresses that are not aligned are refused or obeyed, by kind",
	  run_odd, .fixed = "7.3.3: KVM: x86/xen: Enforce 4-byte alignment of vcpu_info registration" },
	{ "pfncache/crossing", "only the runstate area may cross a page", run_crossing },
	{ "pfncache/read-only", "read-only memory is refused and never written", run_read_only },
	{ "pfncache/hole", "an address without memory is refused, and not fatal", run_hole },
	{ "pfncache/kernel-address", "KVM refuses addresses of the kernel", run_kernel_address },
	{ "pfncache/late", "memory that turns up later is used by a cache that waits for it",
	  run_late },
	{ "pfncache/dirty", "what KVM writes is in the dirty log", run_dirty },
};

TEST_PROGRAM("pfncache_api_test", subtests)
