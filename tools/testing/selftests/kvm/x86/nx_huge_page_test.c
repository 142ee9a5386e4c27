// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM maps no huge page that a guest may execute, where it is told so (kvm.nx_huge_pages): one in
 * which the guest executes is split, and a thread of KVM's makes room for the huge page again
 * (kvm_recover_nx_huge_pages() in mmu/mmu.c).  Whatever becomes of the mapping, memory stays as the
 * guest has left it.
 */
#include <sched.h>
#include <stdlib.h>
#include "harness/known_issues.h"
#include "harness/runner.h"
#include "harness/text_file.h"
#include "machine/statistics.h"
#include "scenario/large.h"

#define PARAMETER	"/sys/module/kvm/parameters/nx_huge_pages"
#define SPLITS		"nx_lpage_splits"

/* Where code is stored to: large_check() does not look there. */
#define CODE_OFFSET	64u

#ifndef KVM_X86_QUIRK_SLOT_ZAP_ALL
#define KVM_X86_QUIRK_SLOT_ZAP_ALL	(1 << 7)
#endif

#define GPA_BESIDE	(AGENT_TEST_GPA + 64 * LARGE_SIZE)

static struct large open_executable_on(const struct vm_type *type, bool recovered)
{
	char text[16];

	if (!text_file_read(PARAMETER, text, sizeof(text)) || *text != 'Y')
		verdict_skip("a huge page may be executed (kvm.nx_huge_pages=force)");
	if (recovered && text_file_read(PARAMETER "_recovery_ratio", text, sizeof(text)) &&
	    atoi(text) != 1)
		verdict_skip("KVM recovers a part of the huge pages (kvm.nx_huge_pages_recovery_ratio=1)");
	if (recovered && text_file_read(PARAMETER "_recovery_period_ms", text, sizeof(text)) &&
	    (atoi(text) < 1 || atoi(text) > 1000))
		verdict_skip("KVM recovers huge pages too rarely (kvm.nx_huge_pages_recovery_period_ms=10)");
	return large_open(type, 0, true);
}

static struct large open_executable(bool recovered)
{
	return open_executable_on(vm_default, recovered);
}

static struct agent_op execute(const struct large *p, uint32_t page, uint64_t value)
{
	return (struct agent_op){
		.opcode = AGENT_OP_EXECUTE, .value = value, .arg = 1,
		.gpa = p->slot.gpa + 4096ull * page + CODE_OFFSET,
	};
}

static void run_code(struct large *p, uint32_t page, uint64_t value)
{
	const struct agent_op op = execute(p, page, value);

	verdict_expect("what the code returned",
		       agent_expect_ok(p->agent, &op, VERDICT_WRONG_PAGE, "code"), value);
}

/* A thread of KVM's does it now and then; one that never does is a hang. */
static void wait_for_recovery(const struct large *p)
{
	while (statistics_read(p->vm, SPLITS))
		sched_yield();
	verdict_progress();
}

static void run_split(const struct run *run)
{
	struct large p = open_executable(false);
	struct prng prng = { run->seed };
	uint64_t i, split = 0;

	large_touch(&p, 1);
	large_expect(&p, LARGE_COUNT, "large mappings before");
	for (i = 0; i < run->iterations; i++) {
		run_code(&p, prng_below(&prng, LARGE_COUNT * LARGE_PAGES), i);
		/* KVM may have recovered the page already, but not each time. */
		split += !!statistics_read(p.vm, SPLITS);
	}
	if (!split)
		verdict_fail(VERDICT_ABI, "KVM has split no huge page for %llu executions",
			     (unsigned long long)i);
	large_check(&p, 1, "executed");
	large_close(&p);
}

static void run_recovered(const struct run *run)
{
	struct large p = open_executable(true);
	struct prng prng = { run->seed };
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		large_touch(&p, i + 1);
		run_code(&p, prng_below(&prng, LARGE_COUNT * LARGE_PAGES), i);
		large_check(&p, i + 1, "executed");
		wait_for_recovery(&p);
		large_touch(&p, i + 2);
		large_expect(&p, LARGE_COUNT, "large mappings when KVM has recovered them");
		large_check(&p, i + 2, "large again");
	}
	large_close(&p);
}

/* Storing the code is a write, which is in the log of a memslot that has one. */
static void expect_logged(struct large *p, uint32_t page, uint64_t value)
{
	uint64_t bits[LARGE_COUNT * LARGE_PAGES / 64];
	struct kvm_dirty_log log = { .slot = p->slot.id, .dirty_bitmap = bits };

	run_code(p, page, value);
	vm_ioctl(p->vm, KVM_GET_DIRTY_LOG, &log);
	if (!(bits[page / 64] >> page % 64 & 1))
		verdict_fail(VERDICT_LOST_WRITE, "code was stored to page %u, which is not logged",
			     page);
}

/* Pages are split, recovered and logged at once: KVM leaves alone what is logged. */
static void run_logged(const struct run *run)
{
	struct large p = open_executable(true);
	struct prng prng = { run->seed };
	uint64_t i;

	large_touch(&p, 1);
	for (i = 0; i < run->iterations; i++) {
		const uint32_t page = prng_below(&prng, LARGE_COUNT * LARGE_PAGES);
		const struct agent_op op = execute(&p, page, i);

		agent_post(p.agent, &op);
		p.slot.flags ^= KVM_MEM_LOG_DIRTY_PAGES;
		memslot_set(p.vm, &p.slot);
		if (agent_wait(p.agent)->status != AGENT_OK || p.agent->mb->result.value != i)
			verdict_fail(VERDICT_WRONG_PAGE, "code on page %u returned %#llx, expected %#llx",
				     page, (unsigned long long)p.agent->mb->result.value,
				     (unsigned long long)i);
		large_check(&p, 1, p.slot.flags ? "logged" : "not logged");
		if (p.slot.flags)
			expect_logged(&p, prng_below(&prng, LARGE_COUNT * LARGE_PAGES), i);
		else
			wait_for_recovery(&p);
	}
	large_close(&p);
}

/* VMs of types with private memory keep page tables of a memslot that goes, others if told to. */
static const struct vm_type *type_of(const struct run *run)
{
	const bool *private = run->arg;

	if (*private && !vm_type_private())
		verdict_skip("no VM type with private memory is offered (KVM_CAP_VM_TYPES %#x)",
			     kvm_cap(KVM_CAP_VM_TYPES));
	return *private ? vm_type_private() : vm_default;
}

/* A memslot goes while a huge page of it is split, and another one is logged. */
static void run_slot_gone(const struct run *run)
{
	const struct vm_type *type = type_of(run);
	struct large p = open_executable_on(type, true);
	const struct memslot other = {
		.id = p.vm->next_slot++, .gpa = GPA_BESIDE, .size = 4096, .hva = p.mapped,
		.flags = KVM_MEM_LOG_DIRTY_PAGES,
	};
	struct kvm_enable_cap quirk = {
		.cap = KVM_CAP_DISABLE_QUIRKS2, .args = { KVM_X86_QUIRK_SLOT_ZAP_ALL },
	};
	struct prng prng = { run->seed };
	uint64_t i, split = 0;

	if (type == vm_default && !(vm_cap(p.vm, quirk.cap) & KVM_X86_QUIRK_SLOT_ZAP_ALL))
		verdict_skip("a memslot that goes takes all page tables along (KVM_X86_QUIRK_SLOT_ZAP_ALL)");
	if (type == vm_default)
		vm_ioctl(p.vm, KVM_ENABLE_CAP, &quirk);
	memslot_set(p.vm, &other);
	for (i = 0; i < run->iterations; i++) {
		large_touch(&p, i + 1);
		run_code(&p, prng_below(&prng, LARGE_COUNT * LARGE_PAGES), i);
		memslot_delete(p.vm, &p.slot);
		split += !!statistics_read(p.vm, SPLITS);
		wait_for_recovery(&p);
		memslot_set(p.vm, &p.slot);
		large_check(&p, i + 1, "in the memslot that came back");
	}
	verdict_exercised(i, split);
	large_close(&p);
}

static const struct subtest subtests[] = {
	{ "nx-huge-page/split", "nothing is lost when a guest executes in huge pages that it may not execute",
	  run_split },
	{ "nx-huge-page/recovered", "what was split for a guest that executes is mapped large again, as it was",
	  run_recovered },
	{ "nx-huge-page/logged", "nothing is lost where logging begins and ends meanwhile",
	  run_logged },
	{ "nx-huge-page/slot-gone", "a memslot whose huge page was split goes, beside one that is logged",
	  run_slot_gone, &(const bool){ false }, &known_nx_slot_gone },
	{ "nx-huge-page/slot-gone-private",
	  "a memslot whose huge page was split goes in a VM with private memory",
	  run_slot_gone, &(const bool){ true }, &known_nx_slot_gone },
};

TEST_PROGRAM("nx_huge_page_test", subtests, .iterations = 20)
