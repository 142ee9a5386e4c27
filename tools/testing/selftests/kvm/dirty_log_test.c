// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever copies a VM while it runs relies on the dirty log: what a vCPU has written since the
 * last harvest is in it.  vCPUs write all the while, without leaving the guest; after each harvest
 * the host looks at every page.  One that has changed since the look before was written before this
 * harvest, and is in it, or after it, and has to be in the next (api.rst, 4.8
 * KVM_GET_DIRTY_LOG).  A vCPU lets others write to a page a moment before it marks the page: on x86
 * without mmu_lock (fast_pf_fix_direct_spte() in mmu/mmu.c), on arm64 behind it (user_mem_abort()).
 * So what is missing has to be in a harvest that is made while all vCPUs are out of the guest.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "harness/runner.h"
#include "machine/agent.h"
#include "scenario/watcher.h"

#define VCPUS	2u
#define PAGES	197u	/* no multiple of 64, and not at the boundary of a large page */
#define GPA	(AGENT_TEST_GPA + 3 * page_size())
#define WORDS	((PAGES + 63) / 64)

struct logging {
	uint64_t manual;	/* KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE, ...; 0: read is clear */
	bool toggled;		/* logging stops and starts again every now and then */
	bool exchange;		/* vCPUs write by an atomic instruction */
};

struct harvest {
	const struct logging *how;
	struct vm *vm;
	struct memory *ram;
	struct watchers w;
	uint64_t bitmap[WORDS];
	uint64_t seen[PAGES][VCPUS];	/* what the last look found */
	bool owed[PAGES];		/* changed, and not in the last harvest */
	struct agent *agents[VCPUS];
	bool missing;			/* from the log: a vCPU may be about to mark the page */
	uint64_t count, changed, held;
};

static bool logged(const struct harvest *h, uint32_t page)
{
	return h->bitmap[page / 64] >> page % 64 & 1;
}

/* Read the log; where that does not clear it, clear what was read. */
static void reap(struct harvest *h)
{
	struct kvm_dirty_log log = { .slot = h->ram->slots[0].id, .dirty_bitmap = h->bitmap };
	struct kvm_clear_dirty_log clear = {
		.slot = log.slot, .num_pages = PAGES, .dirty_bitmap = h->bitmap,
	};

	memset(h->bitmap, 0, sizeof(h->bitmap));
	vm_ioctl(h->vm, KVM_GET_DIRTY_LOG, &log);
	if (h->how->manual)
		vm_ioctl(h->vm, KVM_CLEAR_DIRTY_LOG, &clear);
	h->count++;
}

/* Has the page changed since the last look? */
static bool look(struct harvest *h, uint32_t page)
{
	bool changed = false;
	unsigned int i;

	for (i = 0; i < VCPUS; i++) {
		const unsigned int at = watch_word(h->w.watches[i], page);
		const uint64_t gpa = GPA + page * page_size() + token_offset(page_size(), at);
		const uint64_t word = __atomic_load_n(memory_word(h->ram, gpa), __ATOMIC_ACQUIRE);

		changed |= word != h->seen[page][i];
		h->seen[page][i] = word;
	}
	return changed;
}

/* @last: nobody can write any more. */
static void judge(struct harvest *h, bool last)
{
	uint32_t page;

	h->missing = false;
	for (page = 0; page < PAGES; page++) {
		const bool changed = look(h, page);

		if ((h->owed[page] || (changed && last)) && !logged(h, page)) {
			if (last)
				verdict_fail(VERDICT_LOST_WRITE,
					     "page %u was written before harvest %llu, and is in no log since",
					     page, (unsigned long long)h->count);
			h->missing = true;
		}
		h->owed[page] = (changed || h->owed[page]) && !logged(h, page);
		h->changed += changed;
	}
}

/* Nobody is about to mark a page while all vCPUs are out of the guest. */
static void judge_held(struct harvest *h)
{
	unsigned int i;

	for (i = 0; i < VCPUS; i++)
		agent_hold(h->agents[i]);
	reap(h);
	judge(h, true);
	for (i = 0; i < VCPUS; i++)
		agent_let_go(h->agents[i]);
	h->held++;
}

/* What was written while nothing was logged is nobody's. */
static void toggle(struct harvest *h)
{
	struct memslot slot = h->ram->slots[0];
	uint32_t page;

	slot.flags &= ~KVM_MEM_LOG_DIRTY_PAGES;
	memslot_set(h->vm, &slot);
	memslot_set(h->vm, &h->ram->slots[0]);
	for (page = 0; page < PAGES; page++) {
		look(h, page);
		h->owed[page] = false;
	}
}

static void enable(struct vm *vm, uint64_t manual)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, .args = { manual },
	};

	if (!manual)
		return;
	if ((vm_cap(vm, cap.cap) & manual) != manual)
		verdict_skip("the log is cleared by reading it only (KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 is %#x)",
			     vm_cap(vm, cap.cap));
	vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}

static void interrupted(int signal)
{
	(void)signal;
}

static void run_log(const struct run *run)
{
	const struct plan_memslot layout = { .pages = PAGES };
	const struct memory_config config = {
		.kind = MEMORY_ANON, .gpa = GPA, .pages = PAGES, .layout = &layout, .count = 1,
		.dirty_log = true,
	};
	struct harvest h = { .how = run->arg, .vm = vm_create(memory_vm_type(MEMORY_ANON)) };
	const struct watchers_config watch = {
		.flags = WATCH_RANDOM | (h.how->exchange ? WATCH_EXCHANGE : WATCH_WRITE),
		.seed = run->seed,
	};
	struct sigaction nothing = { .sa_handler = interrupted };
	unsigned int i;

	sigaction(SIGUSR1, &nothing, NULL);
	enable(h.vm, h.how->manual);
	h.ram = memory_create_slots(h.vm, &config);
	for (i = 0; i < VCPUS; i++)
		h.agents[i] = agent_create(h.vm, i, i);
	watchers_start(&h.w, h.ram, h.agents, VCPUS, &watch);
	for (i = 0; i < 4 * run->iterations; i++) {
		if (h.how->toggled && i % 16 == 15)
			toggle(&h);
		reap(&h);
		judge(&h, false);
		if (h.missing)
			judge_held(&h);
		if (i % 4 == 0)
			watchers_pass(&h.w);
		watchers_check(&h.w);
		verdict_progress();
	}
	watchers_stop(&h.w);
	/* Nobody writes any more: the last harvest has all that is owed. */
	reap(&h);
	judge(&h, true);
	if (h.held)
		verdict_note("%s: %llu harvests were made again while no vCPU ran", run->id,
			     (unsigned long long)h.held);
	verdict_exercised(h.count * PAGES, h.changed);
	for (i = 0; i < VCPUS; i++)
		agent_destroy(h.agents[i]);
	memory_destroy(h.ram);
	vm_destroy(h.vm);
}

#define LOGGING(...)	run_log, &(const struct logging){ __VA_ARGS__ }

static const struct subtest subtests[] = {
	{ "dirty-log/get", "what a vCPU has written is in the log, which reading clears",
	  LOGGING() },
	{ "dirty-log/clear", "what a vCPU has written is in the log until it is cleared",
	  LOGGING(KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE) },
	{ "dirty-log/initially-set",
	  "what a vCPU has written is in the log, in which every page is at first",
	  LOGGING(KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE | KVM_DIRTY_LOG_INITIALLY_SET) },
	{ "dirty-log/toggled", "what a vCPU has written is in the log that was just turned on",
	  LOGGING(.toggled = true) },
	{ "dirty-log/exchange", "what a vCPU has written by an atomic instruction is in the log",
	  LOGGING(.exchange = true) },
};

TEST_PROGRAM("dirty_log_test", subtests)
