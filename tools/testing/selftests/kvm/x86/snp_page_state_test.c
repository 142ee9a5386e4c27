// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page states of an SNP guest: who owns a page, what the guest has to do before it may use one,
 * and what its requests to the hypervisor make of it (arch/x86/kvm/svm/sev.c, snp_begin_psc*()).
 */
#include <errno.h>
#include "abi/x86/agent_arch.h"
#include "harness/diagnose.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/x86/snp.h"
#include "scenario/scene.h"
#include "scenario/x86/ghcb_page.h"

#define PAGES	600u	/* more than two requests hold */
#define SIZE	(PAGES * PAGE)
#define GPA	AGENT_TEST_GPA

/* EAX of PVALIDATE; -1 is CF. */
#define PVALIDATE_SAME		((uint64_t)-1)
#define PVALIDATE_BAD_INPUT	1u
#define PVALIDATE_BAD_SIZE	6u

/* Memory whose first pages are private. */
static struct scene open_pages(uint32_t private)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, SIZE);

	attributes_set(s.vm, GPA, SIZE, 0);
	if (private)
		attributes_set(s.vm, GPA, private * PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	return s;
}

static uint64_t token(const struct scene *s, uint32_t seq)
{
	return token_make(s->vm->number, TOKEN_ACTOR_FILL, seq, 0, 0);
}

static void expect_value(const char *what, uint64_t found, uint64_t due)
{
	if (found != due)
		verdict_fail(VERDICT_ABI, "%s: %#llx, expected %#llx", what,
			     (unsigned long long)found, (unsigned long long)due);
}

/* The agent starts, and private and shared pages hold what the guest writes to them. */
static void run_boot(const struct run *run)
{
	struct scene s = open_pages(4);

	(void)run;
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	agent_fill(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1));
	agent_verify(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1), "private pages");
	agent_verify(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1), "shared pages");
	scene_close(&s);
}

static void convert(struct scene *s, uint64_t page, uint64_t pages, bool private, uint64_t exits)
{
	struct agent_op op = {
		.opcode = AGENT_OP_CONVERT, .gpa = GPA + page * PAGE, .size = pages * PAGE,
		.arg = private,
	};

	agent_expect_ok(s->agent, &op, VERDICT_ABI, "page state change");
	expect_value("KVM_EXIT_HYPERCALL of one request", s->agent->converts, exits);
}

/*
 * Private, shared and private again, the guest asking: the host writes to shared pages and the
 * guest reads it; what the guest has in private ones the host's side does not get.
 */
static void run_round_trip(const struct run *run)
{
	const uint32_t pages = *(const uint32_t *)run->arg;
	const uint64_t exits = (pages + PSC_ENTRIES - 1) / PSC_ENTRIES;
	struct scene s = open_pages(pages);
	uint64_t i, found;

	agent_fill(s.agent, GPA, GPA, pages * PAGE, token(&s, 1));
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 1), "private pages");
	convert(&s, 0, pages, false, exits);
	for (i = 0; i < pages * PAGE / 8; i++)
		*memory_word(s.ram, GPA + 8 * i) =
			token_at(token(&s, 2), i / TOKEN_WORDS, i % TOKEN_WORDS);
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 2), "what the host wrote");
	convert(&s, 0, pages, true, exits);
	expect_value("pages that the guest found not validated", s.agent->mb->validated, pages);
	agent_fill(s.agent, GPA, GPA, pages * PAGE, token(&s, 3));
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 3), "private pages again");
	for (i = 0; i < pages * PAGE / 8; i++) {
		found = *memory_word(s.ram, GPA + 8 * i);
		if (found != token_at(token(&s, 2), i / TOKEN_WORDS, i % TOKEN_WORDS))
			diagnose_fail(VERDICT_LEAK, "host's side of private pages", GPA + 8 * i,
				      found, token_at(token(&s, 2), i / TOKEN_WORDS,
						      i % TOKEN_WORDS));
	}
	scene_close(&s);
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
	*s = open_pages(0);
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
	expect_value("SW_EXITINFO1 of a page state change", ghcb_page_exit(g), 0);
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
	expect_value("SW_EXITINFO2",
		     request(&g, &e, PSC_HEADER(0, ARRAY_SIZE(entries) - 1), entries,
			     ARRAY_SIZE(entries)), 0);
	expect_value("exits", e.count, due.count);
	for (i = 0; i < due.count; i++) {
		expect_value("first page of an exit", e.exit[i].page, due.exit[i].page);
		expect_value("pages of an exit", e.exit[i].pages, due.exit[i].pages);
		expect_value("direction of an exit", e.exit[i].private, due.exit[i].private);
	}
	expect_value("header's current entry", g.field[GHCB_BUFFER] & 0xffff, ARRAY_SIZE(entries));
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		expect_value("an entry's pages that are done", g.field[GHCB_BUFFER + 1 + i] & 0xfff,
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
		expect_value(rows[i].what, request(&g, &e, rows[i].header, &rows[i].entry, 1),
			     rows[i].due);
		expect_value(rows[i].what, e.count, rows[i].exits);
	}
	/* Of the last but one: the page that was left. */
	request(&g, &e, rows[10].header, &rows[10].entry, 1);
	expect_value("the page that was left of 2M", e.exit[0].page, 511);
	expect_value("pages that were left of 2M", e.exit[0].pages, 1);
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
		expect_value("SW_EXITINFO2 of a change that the host refused",
			     request(&g, &e, PSC_HEADER(0, 1), entries, 2), PSC_FAILED);
		expect_value("exits of a request whose first change was refused", e.count, 1);
		expect_value("pages of it that are done", g.field[GHCB_BUFFER + 1] & 0xfff, 0);
		expect_value("the MSR's answer to a change that the host refused",
			     ghcb_page_msr(s.agent, GHCB_MSR_PAGE_STATE | entries[0]) >> 32 != 0,
			     1);
	}
	e.answer = 0;
	expect_value("SW_EXITINFO2 when the host agrees",
		     request(&g, &e, PSC_HEADER(0, 1), entries, 2), 0);
	expect_value("the MSR's answer when the host agrees",
		     ghcb_page_msr(s.agent, GHCB_MSR_PAGE_STATE | entries[0]),
		     GHCB_MSR_PAGE_STATE + 1);
	expect_value("the MSR's answer to an operation that nobody knows",
		     ghcb_page_msr(s.agent, GHCB_MSR_PAGE_STATE | ENTRY(0, 3)) >> 32 != 0, 1);
	scene_close(&s);
}

/* An answer that is none: KVM_RUN fails, and the guest is told nothing that is not so. */
static void run_bad_answer(const struct run *run)
{
	struct scene s = open_pages(0);
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
		expect_value("an exit for a page state change", exit.kind, VCPU_EXIT_CONVERT);
		vcpu->run->hypercall.ret = EPERM;
		exit = vcpu_run(vcpu);
		expect_value("KVM_RUN fails with an answer of EPERM", exit.error, -EINVAL);
		/* The guest has not gone on: KVM asks nothing any more, and it sees its request. */
		exit = vcpu_run(vcpu);
		expect_value("the vCPU after that", exit.kind, VCPU_EXIT_DOORBELL);
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
		{ "OUT without a value", GHCB_IOIO, 0x80 << 16 | 1 << 6, 0, 0, 0, GHCB_MISSING_INPUT },
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
		expect_value(rows[i].what, ghcb_page_exit(&g), GHCB_MALFORMED);
		expect_value(rows[i].what, g.field[GHCB_INFO_2], rows[i].reason);
	}
	ghcb_page_begin(&g, GHCB_FEATURES, 0, 0);
	expect_value("features", ghcb_page_exit(&g), 0);
	expect_value("features: SNP, creation of vCPUs", g.field[GHCB_INFO_2] & 3, 3);
	expect_value("exits of requests that make no sense", e.count, 0);
	scene_close(&s);
}

/* Requests by the MSR, and what it keeps when nobody knows the request. */
static void run_msr(const struct run *run)
{
	struct scene s = open_pages(0);
	struct ghcb_page g;
	uint64_t info;

	(void)run;
	info = ghcb_page_msr(s.agent, GHCB_MSR_INFO);
	expect_value("the C-bit", info >> 24 & 0xff, snp_c_bit());
	expect_value("the highest version", info >> 48, 2);
	expect_value("features", ghcb_page_msr(s.agent, GHCB_MSR_FEATURES) & GHCB_MSR_MASK,
		     GHCB_MSR_FEATURES + 1);
	expect_value("no preferred page", ghcb_page_msr(s.agent, GHCB_MSR_PREFERRED),
		     (GHCB_MSR_PREFERRED + 1) | ~GHCB_MSR_MASK);
	expect_value("CPUID leaf 0", ghcb_page_msr(s.agent, GHCB_MSR_CPUID) & GHCB_MSR_MASK,
		     GHCB_MSR_CPUID + 1);
	expect_value("a request that nobody knows", ghcb_page_msr(s.agent, 0xabc000fff),
		     0xabc000fff);
	/* A page that was not registered is told so, and nothing else happens. */
	g = ghcb_page_create(s.agent);
	ghcb_page_begin(&g, GHCB_FEATURES, 0, 0);
	expect_value("the MSR after another page's exit", ghcb_page_msr(s.agent, g.address),
		     g.address);
	expect_value("a page that is not registered", (uint32_t)g.field[GHCB_INFO_1],
		     GHCB_MALFORMED);
	expect_value("a page that is not registered", g.field[GHCB_INFO_2], GHCB_NOT_REGISTERED);
	/* Without memory there is nobody to tell. */
	expect_value("a GHCB in a hole", ghcb_page_msr(s.agent, GPA + SIZE), GPA + SIZE);
	scene_close(&s);
}

static uint64_t pvalidate(struct scene *s, uint64_t address, uint64_t large, uint64_t valid)
{
	struct agent_op op = {
		.opcode = AGENT_OP_PVALIDATE, .arg = address, .size = large, .value = valid,
	};

	return agent_expect_ok(s->agent, &op, VERDICT_ABI, "PVALIDATE");
}

/* What the guest itself has to do, and may do. */
static void run_pvalidate(const struct run *run)
{
	const uint64_t private = GPA + AGENT_ALIAS_PRIVATE, shared = GPA + AGENT_ALIAS_SHARED;
	struct scene s = open_pages(4);

	(void)run;
	expect_value("PVALIDATE of a new page", pvalidate(&s, private, 0, 1), 0);
	expect_value("PVALIDATE once more", pvalidate(&s, private, 0, 1), PVALIDATE_SAME);
	agent_write(s.agent, GPA, token(&s, 1));
	expect_value("accesses that found the page not validated", s.agent->mb->validated, 0);
	expect_value("PVALIDATE of 2M", pvalidate(&s, private, 1, 1), PVALIDATE_BAD_SIZE);
	expect_value("PVALIDATE at an odd address", pvalidate(&s, private + 8, 0, 1),
		     PVALIDATE_BAD_INPUT);
	expect_value("PVALIDATE of a shared page", pvalidate(&s, shared + 5 * PAGE, 0, 1),
		     PVALIDATE_BAD_INPUT);
	expect_value("rescinding", pvalidate(&s, private, 0, 0), 0);
	expect_value("rescinding once more", pvalidate(&s, private, 0, 0), PVALIDATE_SAME);
	agent_write(s.agent, GPA, token(&s, 2));
	expect_value("accesses that found the page not validated", s.agent->mb->validated, 1);
	scene_close(&s);
}

/* A page that comes back is another one: the guest is told by having to validate it again. */
static void run_punch(const struct run *run)
{
	struct scene s = open_pages(4);
	const long before = snp_assigned();

	(void)run;
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	expect_value("pages validated at first", s.agent->mb->validated, 4);
	gmem_punch(s.ram->gmem, PAGE, 2 * PAGE);
	if (before >= 0)
		expect_value("pages that the guest owns more than at first",
			     snp_assigned() - before, 2);
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 2));
	expect_value("pages validated after 2 were punched", s.agent->mb->validated, 6);
	agent_verify(s.agent, GPA, GPA, 4 * PAGE, token(&s, 2), "pages after a punch");
	scene_close(&s);
	if (before >= 0)
		expect_value("pages that guests own when there are none", snp_assigned(), 0);
}

struct implicit {
	struct vm *vm;
	uint64_t gpa;
	bool private;		/* what the access wants */
};

static enum agent_action convert_on_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	const struct implicit *want = arg;

	if (exit->kind != VCPU_EXIT_MEMORY_FAULT || a->faults > 1)
		return AGENT_LOST;
	expect_value("address of the memory fault", exit->gpa, want->gpa);
	expect_value("size of the memory fault", exit->size, PAGE);
	expect_value("the memory fault wants private memory", exit->private, want->private);
	attributes_set(want->vm, exit->gpa, exit->size,
		       want->private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0);
	return AGENT_RETRY;
}

/* The guest's C-bit says otherwise than the page's attribute: one exit, which says what it wants. */
static void run_implicit(const struct run *run)
{
	struct scene s = open_pages(4);
	struct implicit want = { .vm = s.vm };
	unsigned int i;

	(void)run;
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	agent_fill(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1));
	s.agent->keep_alias = true;
	s.agent->on_fault = convert_on_fault;
	s.agent->on_fault_arg = &want;
	for (i = 0; i < 8; i++) {
		struct agent_op op = { .opcode = AGENT_OP_STORE, .value = token(&s, 2) };

		want.gpa = GPA + i * PAGE;
		want.private = i >= 4;
		op.arg = want.gpa + (want.private ? AGENT_ALIAS_PRIVATE : AGENT_ALIAS_SHARED);
		agent_expect_ok(s.agent, &op, VERDICT_PERMISSION, "an access of the other kind");
		expect_value("memory faults of an access of the other kind", s.agent->faults, 1);
		expect_value("what was stored", agent_read(s.agent, want.gpa), token(&s, 2));
	}
	scene_close(&s);
}

/* First a hole, which the guest has touched; then memory in its place. */
static void run_hole(const struct run *run)
{
	struct vm *vm = vm_create(snp_type());
	struct agent *a = agent_create(vm, 0, 0);
	struct memory *ram;

	(void)run;
	if (agent_read(a, GPA) != WATCH_ABSENT || a->mmio != 1)
		verdict_fail(VERDICT_ABI, "access to a hole: %llu MMIO exits, expected 1",
			     (unsigned long long)a->mmio);
	ram = memory_create(vm, MEMORY_ANON, GPA, SIZE);
	*memory_word(ram, GPA) = 1;
	if (agent_read(a, GPA) == WATCH_ABSENT)
		verdict_fail(VERDICT_PERMISSION,
			     "memory is there where a hole was touched, and the guest finds the hole");
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

static const struct subtest subtests[] = {
	{ "snp-page-state/boot", "private and shared pages hold what an SNP guest writes to them",
	  run_boot },
	{ "snp-page-state/by-msr", "a page that is converted by the MSR protocol changes hands",
	  run_round_trip, &(const uint32_t){ 1 } },
	{ "snp-page-state/by-page", "two pages that are converted by one request change hands",
	  run_round_trip, &(const uint32_t){ 2 } },
	{ "snp-page-state/full", "a request of 253 pages is one exit", run_round_trip,
	  &(const uint32_t){ PSC_ENTRIES } },
	{ "snp-page-state/batches", "more pages than a request holds are one exit for each",
	  run_round_trip, &(const uint32_t){ 2 * PSC_ENTRIES + 2 } },
	{ "snp-page-state/merge", "entries of neighbours, and no others, become one exit",
	  run_merge },
	{ "snp-page-state/bad-entries", "headers and entries that make no sense cause no exit",
	  run_bad_entries },
	{ "snp-page-state/refused", "the guest is told that the host has refused", run_refused },
	{ "snp-page-state/bad-answer", "an answer that is none of the three fails KVM_RUN",
	  run_bad_answer },
	{ "snp-page-state/malformed", "KVM does not act on a GHCB that makes no sense",
	  run_malformed },
	{ "snp-page-state/msr", "requests by the MSR are answered, unknown ones left alone",
	  run_msr },
	{ "snp-page-state/pvalidate", "a page is validated once, by its private alias",
	  run_pvalidate },
	{ "snp-page-state/punch", "a page that was punched has to be validated again", run_punch },
	{ "snp-page-state/implicit", "an access of the other kind is one exit that says so",
	  run_implicit },
	{ "snp-page-state/hole", "memory in place of a hole that was touched can be accessed",
	  run_hole, NULL, &known_hole_encrypted },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("snp_page_state_test", subtests);

	return runner_main(argc, argv, &program);
}
