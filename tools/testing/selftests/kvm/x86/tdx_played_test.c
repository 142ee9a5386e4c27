// SPDX-License-Identifier: GPL-2.0-only
/*
 * The agent's TDX half in an ordinary VM, whose #UD handler passes on TDCALL, and where the host
 * plays the TDX module (machine/x86/tdx_player.h).  This tests the agent and the sub-tests of
 * tdx_page_test; it says nothing about TDX.
 */
#include "abi/x86/agent_arch.h"
#include "harness/page.h"
#include "machine/attributes.h"
#include "machine/x86/tdx.h"
#include "machine/x86/tdx_player.h"
#include "scenario/x86/tdx_pages.h"

#define GPA	TDX_PAGES_GPA

/* Raise a #VE of a hole instead of dealing with the fault. */
static enum agent_action raise_ve(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	(void)arg;
	if (exit->kind != VCPU_EXIT_MEMORY_FAULT || a->faults > 1)
		return AGENT_LOST;
	tdx_player_ve(a->vcpu, exit->gpa | TDX_SHARED);
	return AGENT_RETRY;
}

/* A private page without a memslot makes every access to it a memory fault. */
static void run_ve_hole(const struct run *run)
{
	struct vm *vm = vm_create(tdx_played_type());
	struct agent *a = agent_create(vm, 0, 0);
	struct agent_op op = { .opcode = AGENT_OP_EXCHANGE, .gpa = GPA, .value = 5 };

	(void)run;
	attributes_set(vm, GPA, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	a->on_fault = raise_ve;
	verdict_expect("a load", agent_read(a, GPA + 16), WATCH_ABSENT);
	verdict_expect("MMIO requests of a load", a->mmio, 1);
	agent_write(a, GPA + 8, 7);
	verdict_expect("address of the store", a->fault.gpa, GPA + 8);
	verdict_expect("what was stored", a->fault.data, 7);
	verdict_expect("what an exchange finds",
		       agent_expect_ok(a, &op, VERDICT_ABI, "exchange"), WATCH_ABSENT);
	verdict_expect("MMIO requests of an exchange", a->mmio, 2);
	verdict_expect("what it stored", a->fault.data, 5);
	agent_destroy(a);
	vm_destroy(vm);
}

/* Memory that comes while an access waits for it, and what the guest is told then. */
struct late {
	struct memory *ram;
	enum { TELL_VE, TELL_ALIAS } tell;
};

static enum agent_action plug(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	struct late *late = arg;

	if (exit->kind != VCPU_EXIT_MEMORY_FAULT || late->ram)
		return AGENT_LOST;
	late->ram = memory_create(a->vcpu->vm, MEMORY_SPLIT, GPA, PAGE);
	attributes_set(a->vcpu->vm, GPA, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	if (late->tell == TELL_VE) {
		tdx_player_ve(a->vcpu, exit->gpa);
	} else {
		a->mb->other_alias = 1;
		verdict_expect("KVM_SIGNAL_MSI", tdx_interrupt(a->vcpu), 0);
	}
	return AGENT_RETRY;
}

/* A page that is not accepted; or an access through the wrong alias, about which KVM asks. */
static void run_late(const struct run *run)
{
	struct late late = { .tell = *(const int *)run->arg };
	struct vm *vm = vm_create(tdx_played_type());
	struct agent *a = agent_create(vm, 0, 0);

	attributes_set(vm, GPA, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	a->on_fault = plug;
	a->on_fault_arg = &late;
	agent_write(a, GPA, 7);
	verdict_expect("memory faults of a store", a->faults, 1);
	verdict_expect("pages that the guest accepted", a->mb->validated, late.tell == TELL_VE);
	verdict_expect("what was stored", agent_read(a, GPA), 7);
	agent_destroy(a);
	memory_destroy(late.ram);
	vm_destroy(vm);
}

/* The interrupt that gives an operation up reaches the guest again and again. */
static void run_abort(const struct run *run)
{
	struct vm *vm = vm_create(tdx_played_type());
	struct agent *a = agent_create(vm, 0, 0);
	const struct agent_op read = { .opcode = AGENT_OP_READ, .gpa = GPA };
	const struct agent_op nop = { .opcode = AGENT_OP_NOP };
	unsigned int i;

	(void)run;
	attributes_set(vm, GPA, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	for (i = 0; i < 3; i++) {
		verdict_expect("status of an access that the host gives up",
			       agent_run(a, &read)->status, AGENT_ABORTED);
		verdict_expect("status of what comes after it", agent_run(a, &nop)->status,
			       AGENT_OK);
	}
	agent_destroy(a);
	vm_destroy(vm);
}

/* Return: the first word of a page that held something, and that the guest converted. */
static uint64_t after_accept(struct scene *s)
{
	struct agent_op op = { .opcode = AGENT_OP_CONVERT, .gpa = GPA, .size = PAGE };

	agent_write(s->agent, GPA, 7);
	agent_expect_ok(s->agent, &op, VERDICT_ABI, "MapGPA");
	op.arg = 1;
	agent_expect_ok(s->agent, &op, VERDICT_ABI, "MapGPA");
	return agent_read(s->agent, GPA);
}

/* What tdx-page/one holds against ACCEPT and MapGPA is seen if the module lies. */
static void run_lies(const struct run *run)
{
	struct scene s = tdx_pages_open(run, 1);

	verdict_expect("a page that was accepted", after_accept(&s), 0);
	tdx_player_lie(TDX_LIE_ACCEPT_KEEPS);
	verdict_expect("a page whose ACCEPT was a lie", after_accept(&s), 7);
	tdx_player_lie(TDX_LIE_MAP_NOTHING);
	after_accept(&s);
	verdict_expect("exits of a MapGPA that was a lie", s.agent->converts, 0);
	tdx_player_lie(TDX_LIE_NONE);
	scene_close(&s);
}

/* Several vCPUs start by the same page, each with its own stack and mailbox. */
static void run_vcpus(const struct run *run)
{
	struct scene s = tdx_pages_open(run, 2);
	struct agent *second = agent_create(s.vm, 1, 1);

	agent_write(s.agent, GPA, 1);
	agent_write(second, GPA + PAGE, 2);
	verdict_expect("what the first vCPU wrote", agent_read(second, GPA), 1);
	verdict_expect("what the second vCPU wrote", agent_read(s.agent, GPA + PAGE), 2);
	agent_destroy(second);
	scene_close(&s);
}

#define ROW(run)		run, &(const struct tdx_row){ tdx_played_type }
#define PAGES(run, pages)	run, &(const struct tdx_row){ tdx_played_type, pages }

static const struct subtest subtests[] = {
	{ "tdx-played/boot", "the agent starts at the reset vector", ROW(tdx_pages_boot) },
	{ "tdx-played/vcpus", "every vCPU finds its stack and its mailbox", ROW(run_vcpus) },
	{ "tdx-played/one", "the agent converts a page, and accepts it",
	  PAGES(tdx_pages_round_trip, 1) },
	{ "tdx-played/pieces", "the agent goes on with a MapGPA that was cut short",
	  PAGES(tdx_pages_round_trip, TDX_PAGES) },
	{ "tdx-played/refused", "the player refuses what KVM refuses", ROW(tdx_pages_refused) },
	{ "tdx-played/answers", "the agent tries again, and says what was refused",
	  ROW(tdx_pages_answers) },
	{ "tdx-played/accept-shared", "ACCEPT of a shared page is one exit that says so",
	  ROW(tdx_pages_accept_shared) },
	{ "tdx-played/punch", "a page that was punched is zero", ROW(tdx_pages_punch) },
	{ "tdx-played/hole", "accesses to a hole are MMIO exits", ROW(tdx_pages_hole) },
	{ "tdx-played/ve-hole", "the agent's #VE handler makes requests of accesses to a hole",
	  run_ve_hole },
	{ "tdx-played/ve-pending", "the agent's #VE handler accepts a page that is pending",
	  run_late, &(const int){ TELL_VE } },
	{ "tdx-played/other-alias", "the agent repeats an access through the other alias",
	  run_late, &(const int){ TELL_ALIAS } },
	{ "tdx-played/abort", "an interrupt gives operations up, one after the other", run_abort },
	{ "tdx-played/lies", "a module that does not do what it says is found out", ROW(run_lies) },
};

TEST_PROGRAM("tdx_played_test", subtests)
