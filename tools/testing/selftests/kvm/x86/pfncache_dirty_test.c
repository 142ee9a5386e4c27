// SPDX-License-Identifier: GPL-2.0-only
/*
 * What KVM itself writes to guest memory is in the dirty log like what a vCPU has written: after
 * each harvest KVM is made to write, and every page that is not what it was has to be in the next.
 * Not judged are shared_info and vcpu_info of a Xen guest, which are exempt (api.rst, 4.126 and
 * 4.127), and what is addressed by a host address: no memslot is known for it.
 */
#include <string.h>
#include "harness/runner.h"
#include "machine/x86/msr.h"
#include "pfncache/place.h"
#include "scenario/keeping.h"

#define MSR_KVM_STEAL_TIME	0x4b564d03u	/* Documentation/virt/kvm/x86/msr.rst */
#define STEAL_ON		1u
#define STEAL_SIZE		64u

struct harvests {
	struct prng prng;
	bool moved;		/* the host does something to the memory before each */
	enum place at;
	uint64_t rounds, count, changed;
};

static struct harvests harvests;

/* Read the log of the pages, which clears it. */
static uint64_t harvest(struct place_scene *s)
{
	uint64_t bitmap = 0;
	struct kvm_dirty_log log = {
		.slot = s->ram->slots[0].id, .dirty_bitmap = &bitmap,
	};

	vm_ioctl(s->p.vm, KVM_GET_DIRTY_LOG, &log);
	harvests.count++;
	return bitmap;
}

static void judge(struct place_scene *s, uint64_t bitmap)
{
	bool changed = false;
	uint32_t page;

	for (page = 0; page < PLACE_PAGES; page++) {
		const uint64_t at = page * PLACE_PAGE;

		if (!memcmp(s->before + at, s->ram->hva + at, PLACE_PAGE))
			continue;
		changed = true;
		if (!(bitmap >> page & 1))
			verdict_fail(VERDICT_LOST_WRITE,
				     "%s: KVM wrote to page %u of %u, and the log of that time is %#llx",
				     s->kind->name, page, PLACE_PAGES, (unsigned long long)bitmap);
	}
	harvests.changed += changed;
}

static void write_and_judge(struct place_scene *s)
{
	uint32_t token;

	s->ram->slots[0].flags |= KVM_MEM_LOG_DIRTY_PAGES;
	memslot_set(s->p.vm, &s->ram->slots[0]);
	pfncache_point(&s->p, s->kind, place_address(s, harvests.at));
	for (token = 1; token <= harvests.rounds; token++) {
		if (harvests.moved)
			keeping_do(s->ram, &harvests.prng);
		harvest(s);
		place_snapshot(s);
		place_use(s, token, 0);
		judge(s, harvest(s));
		verdict_progress();
	}
}

static bool exempt(const struct pfncache_kind *kind)
{
	return kind->hva || !strncmp(kind->name, "shared_info", 11) ||
	       !strncmp(kind->name, "vcpu_info", 9);
}

static void judge_kind(struct place_scene *s)
{
	if (!exempt(s->kind) && (harvests.at != CROSSING || s->kind->split))
		write_and_judge(s);
}

static void begin(const struct run *run, enum place at, bool moved)
{
	harvests = (struct harvests){
		.prng = { run->seed }, .at = at, .moved = moved, .rounds = run->iterations,
	};
}

static void run_first(const struct run *run)
{
	begin(run, FIRST, false);
	place_each_kind(judge_kind);
	verdict_exercised(harvests.count, harvests.changed);
}

static void run_crossing(const struct run *run)
{
	begin(run, CROSSING, false);
	xen_require(KVM_XEN_HVM_CONFIG_RUNSTATE);
	place_each_kind(judge_kind);
	verdict_exercised(harvests.count, harvests.changed);
}

static void run_moved(const struct run *run)
{
	begin(run, SECOND, true);
	place_each_kind(judge_kind);
	verdict_exercised(harvests.count, harvests.changed);
}

static int steal_point(struct pfncache_vm *p, uint64_t address)
{
	vcpu_msr_set(p->vcpu, MSR_KVM_STEAL_TIME, address | STEAL_ON);
	return 0;
}

static int steal_use(struct pfncache_vm *p, uint32_t token)
{
	(void)token;
	pfncache_enter(p);
	return 0;
}

static void run_steal(const struct run *run)
{
	static const struct pfncache_kind steal = {
		"steal time", .size = STEAL_SIZE, .point = steal_point, .use = steal_use,
	};
	struct place_scene s;

	begin(run, FIRST, false);
	place_open(&s, &steal);
	write_and_judge(&s);
	place_close(&s);
	verdict_exercised(harvests.count, harvests.changed);
}

static const struct subtest subtests[] = {
	{ "pfncache-dirty/first", "what KVM writes to clocks and the runstate is in the dirty log",
	  run_first },
	{ "pfncache-dirty/crossing", "a runstate that crosses a page is in the log with both of them",
	  run_crossing },
	{ "pfncache-dirty/moved",
	  "what KVM writes is in the log after the host has done something to the memory",
	  run_moved },
	{ "pfncache-dirty/steal-time", "what KVM writes to the steal time is in the dirty log",
	  run_steal },
};

TEST_PROGRAM("pfncache_dirty_test", subtests)
