// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an SNP guest asks of the hypervisor by the GHCB: requests that make sense,
 * and those that no sound guest would make (arch/x86/kvm/svm/sev.c, sev_handle_vmgexit()).
 */
#include <errno.h>
#include "abi/x86/agent_arch.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/x86/snp.h"
#include "scenario/scene.h"
#include "scenario/x86/ghcb_page.h"

#define PAGES	600u
#define SIZE	(PAGES * PAGE)
#define GPA	AGENT_TEST_GPA

static struct scene open_shared(void)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, SIZE);

	attributes_set(s.vm, GPA, SIZE, 0);
	return s;
}

/* What the exits of one request were. */
struct exits {
	unsigned int count;
	struct {
		uint64_t page, pages;
		bool private;
	} exit[8];
	int answer;		/* errno that the host gives */
};

static int note_exit(struct agent *a, uint64_t gpa, uint64_t size, bool to_private, void *arg)
{
	struct exits *e = arg;

	(void)a;
	if (e->count < ARRAY_SIZE(e->exit)) {
		e->exit[e->count].page = (gpa - GPA) / PAGE;
		e->exit[e->count].pages = size / PAGE;
		e->exit[e->count].private = to_private;
	}
	e->count++;
	return -e->answer;
}

static struct ghcb_page open_request(struct scene *s, struct exits *e)
{
	*s = open_shared();
	s->agent->on_convert = note_exit;
	s->agent->on_fault_arg = e;
	return ghcb_page_create(s->agent);
}

/* Carry out a request of @count entries; return INFO2. */
static uint64_t request(struct ghcb_page *g, struct exits *e, uint64_t header,
			const uint64_t *entries, unsigned int count)
{
	unsigned int i;

	e->count = 0;
	ghcb_page_begin(g, GHCB_PSC, 0, 0);
	ghcb_page_set(g, GHCB_SCRATCH, g->gpa + 8 * GHCB_BUFFER);
	g->field[GHCB_BUFFER] = header;
	for (i = 0; i < count; i++)
		g->field[GHCB_BUFFER + 1 + i] = entries[i];
	verdict_expect("SW_EXITINFO1 of a page state change", ghcb_page_exit(g), 0);
	return g->field[GHCB_INFO_2];
}

#define ENTRY(page, op)	PSC_ENTRY(GPA + (page) * 4096, op, 0)

/* Neighbours become one exit; a gap, another direction, another size begin the next. */
static void run_merge(const struct run *run)
{
	const uint64_t entries[] = {
		ENTRY(0, PSC_PRIVATE), ENTRY(1, PSC_PRIVATE), ENTRY(2, PSC_PRIVATE),
		ENTRY(5, PSC_PRIVATE), ENTRY(6, PSC_SHARED), ENTRY(7, PSC_SHARED),
		ENTRY(4, PSC_SHARED), PSC_ENTRY(GPA + 512 * PAGE, PSC_SHARED, PSC_2M),
		PSC_ENTRY(GPA + 1024 * PAGE, PSC_SHARED, PSC_2M), ENTRY(1536, PSC_SHARED),
	};
	static const struct exits due = {
		.count = 6,
		.exit = {
			{ 0, 3, true }, { 5, 1, true }, { 6, 2, false }, { 4, 1, false },
			{ 512, 1024, false }, { 1536, 1, false },
		},
	};
	struct exits e = { 0 };
	struct scene s;
	struct ghcb_page g = open_request(&s, &e);
	unsigned int i;

	(void)run;
	verdict_expect("SW_EXITINFO2",
		       request(&g, &e, PSC_HEADER(0, ARRAY_SIZE(entries) - 1), entries,
			     ARRAY_SIZE(entries)), 0);
	verdict_expect("exits", e.count, due.count);
	for (i = 0; i < due.count; i++) {
		verdict_expect("first page of an exit", e.exit[i].page, due.exit[i].page);
		verdict_expect("pages of an exit", e.exit[i].pages, due.exit[i].pages);
		verdict_expect("direction of an exit", e.exit[i].private, due.exit[i].private);
	}
	verdict_expect("header's current entry", g.field[GHCB_BUFFER] & 0xffff,
		       ARRAY_SIZE(entries));
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		verdict_expect("an entry's pages that are done",
			       g.field[GHCB_BUFFER + 1 + i] & 0xfff,
			       entries[i] & PSC_2M ? 512 : 1);
	scene_close(&s);
}

/* Headers and entries that make no sense, and some that do. */
static void run_bad_entries(const struct run *run)
{
	static const struct {
		const char *what;
		uint64_t header, entry, due, exits;
	} rows[] = {
		{ "the last entry that there is", PSC_HEADER(252, 252), 0, 0, 0 },
		{ "an entry beyond the last", PSC_HEADER(0, 253), 0, PSC_BAD_HEADER, 0 },
		{ "an end of 65535", PSC_HEADER(0, 0xffff), 0, PSC_BAD_HEADER, 0 },
		{ "a beginning behind the end", PSC_HEADER(1, 0), ENTRY(0, PSC_SHARED), 0, 0 },
		{ "an operation that KVM does not know", PSC_HEADER(0, 0), ENTRY(0, 3), 0, 0 },
		{ "no operation", PSC_HEADER(0, 0), ENTRY(0, 0), 0, 0 },
		{ "a page that is done", PSC_HEADER(0, 0), PSC_ENTRY(GPA, PSC_SHARED, 1), 0, 0 },
		{ "two pages of one done", PSC_HEADER(0, 0), PSC_ENTRY(GPA, PSC_SHARED, 2),
		  PSC_BAD_ENTRY, 0 },
		{ "513 pages of 512 done", PSC_HEADER(0, 0),
		  PSC_ENTRY(GPA, PSC_SHARED, 513) | PSC_2M, PSC_BAD_ENTRY, 0 },
		{ "2M that are not aligned", PSC_HEADER(0, 0), ENTRY(1, PSC_SHARED) | PSC_2M,
		  PSC_BAD_ENTRY, 0 },
		{ "2M of which one page is left", PSC_HEADER(0, 0),
		  PSC_ENTRY(GPA, PSC_SHARED, 511) | PSC_2M, 0, 1 },
		{ "2M that are done", PSC_HEADER(0, 0), PSC_ENTRY(GPA, PSC_SHARED, 512) | PSC_2M, 0,
		  0 },
	};
	struct exits e = { 0 };
	struct scene s;
	struct ghcb_page g = open_request(&s, &e);
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		verdict_expect(rows[i].what, request(&g, &e, rows[i].header, &rows[i].entry, 1),
			       rows[i].due);
		verdict_expect(rows[i].what, e.count, rows[i].exits);
	}
	/* Of the last but one: the page that was left. */
	request(&g, &e, rows[10].header, &rows[10].entry, 1);
	verdict_expect("the page that was left of 2M", e.exit[0].page, 511);
	verdict_expect("pages that were left of 2M", e.exit[0].pages, 1);
	scene_close(&s);
}

/* The host refuses, in the ways that it may: the guest is told, and what was done stays done. */
static void run_refused(const struct run *run)
{
	static const int answers[] = { EAGAIN, EINVAL };
	const uint64_t entries[] = { ENTRY(0, PSC_SHARED), ENTRY(8, PSC_SHARED) };
	struct exits e = { 0 };
	struct scene s;
	struct ghcb_page g = open_request(&s, &e);
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		e.answer = answers[i];
		verdict_expect("SW_EXITINFO2 of a change that the host refused",
			       request(&g, &e, PSC_HEADER(0, 1), entries, 2), PSC_FAILED);
		verdict_expect("exits of a request whose first change was refused", e.count, 1);
		verdict_expect("pages of it that are done", g.field[GHCB_BUFFER + 1] & 0xfff, 0);
		verdict_expect("the MSR's answer to a change that the host refused",
			       ghcb_page_msr(s.agent, GHCB_MSR_PAGE_STATE | entries[0]) >> 32 != 0,
			       1);
	}
	e.answer = 0;
	verdict_expect("SW_EXITINFO2 when the host agrees",
		       request(&g, &e, PSC_HEADER(0, 1), entries, 2), 0);
	verdict_expect("the MSR's answer when the host agrees",
		       ghcb_page_msr(s.agent, GHCB_MSR_PAGE_STATE | entries[0]),
		       GHCB_MSR_PAGE_STATE + 1);
	verdict_expect("the MSR's answer to an operation that nobody knows",
		       ghcb_page_msr(s.agent, GHCB_MSR_PAGE_STATE | ENTRY(0, 3)) >> 32 != 0, 1);
	scene_close(&s);
}

/* An answer that is none: KVM_RUN fails, and the guest is told nothing that is not so. */
static void run_bad_answer(const struct run *run)
{
	struct scene s = open_shared();
	struct ghcb_page g = ghcb_page_create(s.agent);
	struct vcpu *vcpu = s.agent->vcpu;
	struct vcpu_exit exit;
	unsigned int i;

	(void)run;
	for (i = 0; i < 2; i++) {
		struct agent_op op = { .opcode = AGENT_OP_VMGEXIT };

		if (i) {
			ghcb_page_begin(&g, GHCB_PSC, 0, 0);
			ghcb_page_set(&g, GHCB_SCRATCH, g.gpa + 8 * GHCB_BUFFER);
			g.field[GHCB_BUFFER + 1] = ENTRY(0, PSC_SHARED);
			op.arg = g.address;
		} else {
			op.value = GHCB_MSR_PAGE_STATE | ENTRY(0, PSC_SHARED);
		}
		/* The agent's thread has nothing to do: this one runs its vCPU. */
		s.agent->mb->op = op;
		s.agent->mb->state = AGENT_POSTED;
		do {
			exit = vcpu_run(vcpu);
		} while (exit.kind == VCPU_EXIT_INTERRUPTED);
		verdict_expect("an exit for a page state change", exit.kind, VCPU_EXIT_CONVERT);
		vcpu->run->hypercall.ret = EPERM;
		exit = vcpu_run(vcpu);
		verdict_expect("KVM_RUN fails with an answer of EPERM", exit.error, -EINVAL);
		/* The guest has not gone on: KVM asks nothing any more, and it sees its request. */
		exit = vcpu_run(vcpu);
		verdict_expect("the vCPU after that", exit.kind, VCPU_EXIT_DOORBELL);
	}
	scene_close(&s);
}

/* A GHCB that KVM must not act on. */
static void run_malformed(const struct run *run)
{
	struct exits e = { 0 };
	struct scene s;
	struct ghcb_page g = open_request(&s, &e);
	const uint64_t buffer = g.gpa + 8 * GHCB_BUFFER, end = g.gpa + 8 * GHCB_BUFFER_END;
	const struct {
		const char *what;
		uint64_t code, info1, info2, scratch, usage;
		uint32_t reason;
	} rows[] = {
		{ "a usage that nobody knows", GHCB_FEATURES, 0, 0, 0, 1, GHCB_BAD_USAGE },
		{ "an exit that nobody knows", 0xdead, 0, 0, 0, 0, GHCB_BAD_EVENT },
		{ "OUT without a value", GHCB_IOIO, 0x80 << 16 | 1 << 6, 0, 0, 0,
		  GHCB_MISSING_INPUT },
		{ "CPUID without a leaf", GHCB_CPUID, 0, 0, 0, 0, GHCB_MISSING_INPUT },
		{ "a page state change without a buffer", GHCB_PSC, 0, 0, 0, 0,
		  GHCB_MISSING_INPUT },
		{ "a buffer before the GHCB's", GHCB_PSC, 0, 0, buffer - 8, 0, GHCB_BAD_SCRATCH },
		{ "a buffer at the GHCB's end", GHCB_PSC, 0, 0, end - 4, 0, GHCB_BAD_SCRATCH },
		{ "a buffer outside of the GHCB", GHCB_PSC, 0, 0, GPA, 0, GHCB_BAD_SCRATCH },
		{ "MMIO of 9 bytes", GHCB_MMIO_WRITE, GPA + SIZE, 9, buffer, 0, GHCB_BAD_INPUT },
		{ "a guest request that is not aligned", GHCB_GUEST_REQUEST, 8, GPA, 0, 0,
		  GHCB_BAD_INPUT },
		{ "a guest request into its own answer", GHCB_GUEST_REQUEST, GPA, GPA, 0, 0,
		  GHCB_BAD_INPUT },
		{ "a vCPU that does not exist", GHCB_AP_CREATION, 77ull << 32 | AP_DESTROY, 0, 0, 0,
		  GHCB_BAD_INPUT },
	};
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ghcb_page_begin(&g, rows[i].code, rows[i].info1, rows[i].info2);
		if (rows[i].scratch)
			ghcb_page_set(&g, GHCB_SCRATCH, rows[i].scratch);
		g.field[GHCB_VERSION] |= rows[i].usage << 32;
		verdict_expect(rows[i].what, ghcb_page_exit(&g), GHCB_MALFORMED);
		verdict_expect(rows[i].what, g.field[GHCB_INFO_2], rows[i].reason);
	}
	ghcb_page_begin(&g, GHCB_FEATURES, 0, 0);
	verdict_expect("features", ghcb_page_exit(&g), 0);
	verdict_expect("features: SNP, creation of vCPUs", g.field[GHCB_INFO_2] & 3, 3);
	verdict_expect("exits of requests that make no sense", e.count, 0);
	scene_close(&s);
}

static const struct subtest subtests[] = {
	{ "snp-request/merge", "entries of neighbours, and no others, become one exit",
	  run_merge },
	{ "snp-request/bad-entries", "headers and entries that make no sense cause no exit",
	  run_bad_entries },
	{ "snp-request/refused", "the guest is told that the host has refused", run_refused },
	{ "snp-request/bad-answer", "an answer that is none of the three fails KVM_RUN",
	  run_bad_answer },
	{ "snp-request/malformed", "KVM does not act on a GHCB that makes no sense",
	  run_malformed },
};

TEST_PROGRAM("snp_request_test", subtests)
