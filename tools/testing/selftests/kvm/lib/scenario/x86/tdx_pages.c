// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include "abi/x86/agent_arch.h"
#include "harness/diagnose.h"
#include "harness/page.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/x86/tdx.h"
#include "machine/x86/tdx_player.h"
#include "scenario/x86/tdx_pages.h"

#define SIZE	(TDX_PAGES * PAGE)
#define GPA	TDX_PAGES_GPA
#define PIECE	512u	/* 2 MiB: KVM cuts MapGPA into such */

/* Memory whose first pages are private. */
struct scene tdx_pages_open(const struct run *run, uint32_t private)
{
	const struct tdx_row *row = run->arg;
	struct scene s = scene_open_on(row->type(), MEMORY_SPLIT, SIZE);

	tdx_player_lie(TDX_LIE_NONE);
	attributes_set(s.vm, GPA, SIZE, 0);
	if (private)
		attributes_set(s.vm, GPA, private * PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	return s;
}

static uint64_t token(const struct scene *s, uint32_t seq)
{
	return token_make(s->vm->number, TOKEN_ACTOR_FILL, seq, 0, 0);
}

/* From the reset vector to the doorbell, and both kinds of memory. */
void tdx_pages_boot(const struct run *run)
{
	struct scene s = tdx_pages_open(run, 4);

	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	agent_fill(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1));
	agent_verify(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1), "private pages");
	agent_verify(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1), "shared pages");
	scene_close(&s);
}

static void convert(struct scene *s, uint64_t pages, bool private)
{
	struct agent_op op = {
		.opcode = AGENT_OP_CONVERT, .gpa = GPA, .size = pages * PAGE, .arg = private,
	};

	agent_expect_ok(s->agent, &op, VERDICT_ABI, "MapGPA, and ACCEPT of private pages");
	verdict_expect("KVM_EXIT_HYPERCALL of one request", s->agent->converts,
		       (pages + PIECE - 1) / PIECE);
}

/*
 * Private, shared and private again, the guest asking: the host writes to shared pages and the
 * guest reads it; a page that was accepted is zero, whatever it held; the host's side stays.
 */
void tdx_pages_round_trip(const struct run *run)
{
	const uint32_t pages = ((const struct tdx_row *)run->arg)->pages;
	struct scene s = tdx_pages_open(run, pages);
	uint64_t i, found;

	agent_fill(s.agent, GPA, GPA, pages * PAGE, token(&s, 1));
	convert(&s, pages, false);
	for (i = 0; i < pages * TOKEN_WORDS; i++)
		*memory_word(s.ram, GPA + 8 * i) =
			token_at(token(&s, 2), i / TOKEN_WORDS, i % TOKEN_WORDS);
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 2), "what the host wrote");
	convert(&s, pages, true);
	agent_check_zero(s.agent, GPA, pages * PAGE, "pages that were accepted");
	agent_fill(s.agent, GPA, GPA, pages * PAGE, token(&s, 3));
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 3), "private pages again");
	for (i = 0; i < pages * TOKEN_WORDS; i++) {
		const uint64_t due = token_at(token(&s, 2), i / TOKEN_WORDS, i % TOKEN_WORDS);

		found = *memory_word(s.ram, GPA + 8 * i);
		if (found != due)
			diagnose_fail(VERDICT_LEAK, "host's side of private pages", GPA + 8 * i,
				      found, due);
	}
	scene_close(&s);
}

/* Return: registers after a TDCALL. */
static struct tdx_call call(struct scene *s, const struct tdx_call *registers)
{
	const uint64_t at = vm_control_alloc(s->vm, sizeof(*registers));
	struct tdx_call *c = vm_control_ptr(s->vm, at);
	struct agent_op op = { .opcode = AGENT_OP_TDCALL, .arg = at };

	*c = *registers;
	agent_expect_ok(s->agent, &op, VERDICT_ABI, "TDCALL");
	return *c;
}

/* What KVM refuses without asking user space (vmx/tdx.c: tdx_map_gpa(), tdx_emulate_*()). */
void tdx_pages_refused(const struct run *run)
{
	const struct {
		const char *what;
		struct tdx_call call;
		uint64_t due;
	} rows[] = {
		{ "MapGPA of nothing", tdx_map_gpa(GPA, 0, 1), TDX_ANSWER_INVALID_OPERAND },
		{ "MapGPA that wraps", tdx_map_gpa(GPA, 0 - GPA, 1), TDX_ANSWER_INVALID_OPERAND },
		{ "MapGPA of both kinds", tdx_map_gpa(TDX_SHARED - PAGE, 2 * PAGE, 1),
		  TDX_ANSWER_INVALID_OPERAND },
		{ "MapGPA at an odd address", tdx_map_gpa(GPA + 8, PAGE, 1),
		  TDX_ANSWER_ALIGN_ERROR },
		{ "MapGPA of part of a page", tdx_map_gpa(GPA, PAGE + 8, 0),
		  TDX_ANSWER_ALIGN_ERROR },
		{ "MMIO of private memory", tdx_vmcall(TDX_FN_MMIO, 8, 0, GPA, 0),
		  TDX_ANSWER_INVALID_OPERAND },
		{ "MMIO of 3 bytes", tdx_vmcall(TDX_FN_MMIO, 3, 0, GPA | TDX_SHARED, 0),
		  TDX_ANSWER_INVALID_OPERAND },
		{ "MMIO that neither reads nor writes",
		  tdx_vmcall(TDX_FN_MMIO, 8, 2, GPA | TDX_SHARED, 0), TDX_ANSWER_INVALID_OPERAND },
		{ "OUT of 3 bytes", tdx_vmcall(TDX_FN_IO, 3, 1, AGENT_DOORBELL_PORT, 0),
		  TDX_ANSWER_INVALID_OPERAND },
		{ "a function that nobody knows", tdx_vmcall(0x1ffff, 0, 0, 0, 0),
		  TDX_ANSWER_UNSUPPORTED },
	};
	struct scene s = tdx_pages_open(run, 0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tdx_call c = call(&s, &rows[i].call);

		verdict_expect(rows[i].what, c.rax, 0);
		verdict_expect(rows[i].what, c.r10, rows[i].due);
	}
	verdict_expect("requests that reached user space", s.agent->converts, 0);
	scene_close(&s);
}

static int answer_in_turn(struct agent *a, uint64_t gpa, uint64_t size, bool private, void *arg)
{
	int *answers = arg;

	if (answers[a->converts])
		return -answers[a->converts];
	return __attributes_set(a->vcpu->vm, gpa, size,
				private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0);
}

/* User space asks for another try, twice; then it refuses. */
void tdx_pages_answers(const struct run *run)
{
	static int again[] = { EAGAIN, EAGAIN, 0 }, refused[] = { EINVAL };
	struct scene s = tdx_pages_open(run, 0);
	struct agent_op op = {
		.opcode = AGENT_OP_CONVERT, .gpa = GPA, .size = 4 * PAGE, .arg = 1,
	};
	const struct agent_result *r;

	s.agent->on_convert = answer_in_turn;
	s.agent->on_fault_arg = again;
	agent_expect_ok(s.agent, &op, VERDICT_ABI, "MapGPA that is tried again");
	verdict_expect("exits of MapGPA", s.agent->converts, 3);
	agent_check_zero(s.agent, GPA, 4 * PAGE, "pages that were accepted");
	s.agent->on_fault_arg = refused;
	op.arg = 0;
	r = agent_run(s.agent, &op);
	verdict_expect("status of a MapGPA that is refused", r->status, AGENT_REFUSED);
	verdict_expect("its answer", r->value, TDX_ANSWER_INVALID_OPERAND);
	scene_close(&s);
}

/* The exit of an ACCEPT, or of an access, of the wrong kind: once, and private. */
static enum agent_action convert_on_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	const uint64_t *want = arg;

	if (exit->kind != VCPU_EXIT_MEMORY_FAULT || a->faults > 1)
		return AGENT_LOST;
	verdict_expect("address of the memory fault", exit->gpa, *want);
	verdict_expect("the memory fault wants private memory", exit->private, true);
	attributes_set(a->vcpu->vm, exit->gpa, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	return AGENT_RETRY;
}

void tdx_pages_accept_shared(const struct run *run)
{
	struct scene s = tdx_pages_open(run, 0);
	struct tdx_call accept = tdx_accept(GPA, 0);
	uint64_t want = GPA;

	*memory_word(s.ram, GPA) = token(&s, 1);
	s.agent->on_fault = convert_on_fault;
	s.agent->on_fault_arg = &want;
	s.agent->keep_alias = true;
	accept = call(&s, &accept);
	verdict_expect("ACCEPT of a page that was shared", accept.rax, 0);
	verdict_expect("memory faults of it", s.agent->faults, 1);
	agent_check_zero(s.agent, GPA, PAGE, "a page that was accepted");
	scene_close(&s);
}

/* Only the module knows that; see tdx_player.h. */
void tdx_pages_accept_twice(const struct run *run)
{
	struct scene s = tdx_pages_open(run, 1);
	const struct tdx_call accept = tdx_accept(GPA, 0), large = tdx_accept(GPA, 7);
	struct tdx_call c = call(&s, &accept);

	verdict_expect("ACCEPT", c.rax, 0);
	agent_write(s.agent, GPA, token(&s, 1));
	c = call(&s, &accept);
	verdict_expect("ACCEPT once more", c.rax & TDX_STATUS_CLASS, TDX_STATUS_ACCEPTED_ALREADY);
	verdict_expect("what it holds", agent_read(s.agent, GPA), token(&s, 1));
	c = call(&s, &large);
	verdict_expect("ACCEPT of a size that does not exist", c.rax & TDX_STATUS_CLASS,
		       TDX_STATUS_BAD_OPERAND);
	scene_close(&s);
}

/* A page that was punched is new: not accepted, then zero. */
void tdx_pages_punch(const struct run *run)
{
	struct scene s = tdx_pages_open(run, 4);
	struct memslot_file found[MEMSLOT_LIST_MAX];

	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	verdict_expect("memslots", memslot_list_find(&s.vm->files, GPA, PAGE, found), 1);
	gmem_punch(found[0].gmem, found[0].offset, PAGE);
	agent_check_zero(s.agent, GPA, PAGE, "a page that was punched");
	agent_verify(s.agent, GPA, GPA + PAGE, 3 * PAGE, token(&s, 1), "the pages behind it");
	scene_close(&s);
}

/* Loads and stores of a hole, which only the guest can make into requests. */
void tdx_pages_hole(const struct run *run)
{
	struct vm *vm = vm_create(((const struct tdx_row *)run->arg)->type());
	struct agent *a = agent_create(vm, 0, 0);
	struct agent_op op = { .opcode = AGENT_OP_EXCHANGE, .gpa = GPA, .value = 5 };

	verdict_expect("what is read from a hole", agent_read(a, GPA), WATCH_ABSENT);
	verdict_expect("MMIO exits of a load", a->mmio, 1);
	agent_write(a, GPA + 8, 7);
	verdict_expect("MMIO exits of a store", a->mmio, 1);
	verdict_expect("address of the store", a->fault.gpa, GPA + 8);
	verdict_expect("what was stored", a->fault.data, 7);
	verdict_expect("what an exchange finds",
		       agent_expect_ok(a, &op, VERDICT_ABI, "exchange with a hole"), WATCH_ABSENT);
	agent_destroy(a);
	vm_destroy(vm);
}
