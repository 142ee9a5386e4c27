// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs that an SNP guest itself creates and destroys: their registers are in a page of its own,
 * which the host may take away at any time (arch/x86/kvm/svm/sev.c, sev_snp_ap_creation()).
 */
#include <pthread.h>
#include "abi/x86/agent_arch.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/x86/snp.h"
#include "scenario/scene.h"
#include "scenario/x86/snp_vmsa.h"

#define PAGES	8u
#define GPA	AGENT_TEST_GPA	/* a multiple of 2M, where no VMSA may be */
#define VMSA	(GPA + PAGE)
#define OTHER	(GPA + 2 * PAGE)
#define FEATURES	1u		/* SNP */
#define STACK_SIZE	0x4000u

struct aps {
	struct scene s;
	struct ghcb_page ghcb;
	struct vcpu *vcpu;	/* of the second vCPU */
	uint64_t stack;
	struct vcpu_exit exit;	/* of run_once() */
};

static struct aps open_aps(void)
{
	struct aps a = { .s = scene_open_on(snp_type(), MEMORY_SPLIT, PAGES * PAGE) };

	a.ghcb = ghcb_page_create(a.s.agent);
	a.vcpu = vcpu_create(a.s.vm, 1);
	a.stack = vm_control_alloc(a.s.vm, STACK_SIZE) + STACK_SIZE;
	return a;
}

static void close_aps(struct aps *a)
{
	vcpu_destroy(a->vcpu);
	scene_close(&a->s);
	if (snp_assigned() > 0)
		verdict_fail(VERDICT_ACCOUNTING, "%ld pages stay assigned to guests that are gone",
			     snp_assigned());
}

/* The VMSA is written and the second vCPU created with it. */
static void create(struct aps *a, uint64_t gpa)
{
	verdict_expect("RMPADJUST", snp_vmsa_write(a->s.agent, gpa, a->vcpu->mailbox, a->stack), 0);
	verdict_expect("creation", snp_vmsa_request(&a->ghcb, 1, AP_CREATE, gpa, FEATURES), 0);
}

static uint64_t read_vmsa(struct aps *a, uint64_t gpa)
{
	struct agent_op op = {
		.opcode = AGENT_OP_LOAD, .arg = gpa + VMSA_RIP + AGENT_ALIAS_PRIVATE,
	};

	return agent_expect_ok(a->s.agent, &op, VERDICT_PERMISSION, "read of a VMSA");
}

/* Created, replaced, destroyed, created again; the registers are in the guest's page. */
static void run_life(const struct run *run)
{
	struct aps a = open_aps();

	(void)run;
	snp_vmsa_expect_start(a.vcpu, "the vCPU as it was launched");
	create(&a, VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU that the guest created");
	if (read_vmsa(&a, VMSA) == AGENT_CONTROL_GPA)
		verdict_fail(VERDICT_LOST_WRITE, "the vCPU ran, and its VMSA is as it was written");
	create(&a, OTHER);
	snp_vmsa_expect_start(a.vcpu, "a vCPU with other registers");
	verdict_expect("destruction", snp_vmsa_request(&a.ghcb, 1, AP_DESTROY, 0, FEATURES), 0);
	snp_vmsa_expect_halted(a.vcpu);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU that was destroyed, and made runnable");
	create(&a, VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU that was created again");
	close_aps(&a);
}

static void run_refused(const struct run *run)
{
	struct aps a = open_aps();
	const struct {
		const char *what;
		uint64_t request, gpa, features;
	} rows[] = {
		{ "features of another VM", AP_CREATE, VMSA, FEATURES | 4 },
		{ "no features", AP_CREATE, VMSA, 0 },
		{ "an address that is not aligned", AP_CREATE, VMSA + 8, FEATURES },
		{ "an address that is aligned to 2M", AP_CREATE, GPA, FEATURES },
		{ "an address beyond all memory", AP_CREATE, 1ull << 62, FEATURES },
		{ "a request that nobody knows", 3, VMSA, FEATURES },
	};
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		verdict_expect(rows[i].what,
			       snp_vmsa_request(&a.ghcb, 1, rows[i].request, rows[i].gpa,
					      rows[i].features), GHCB_BAD_INPUT);
	snp_vmsa_expect_start(a.vcpu, "a vCPU whose replacement was refused");
	close_aps(&a);
}

/* Creation for later: only an INIT makes it happen, and nobody sends one. */
static void run_on_init(const struct run *run)
{
	struct aps a = open_aps();
	struct agent_mailbox *mb = vm_control_ptr(a.s.vm, a.vcpu->mailbox);
	struct vcpu_exit exit;

	(void)run;
	snp_vmsa_expect_start(a.vcpu, "the vCPU as it was launched");
	verdict_expect("RMPADJUST", snp_vmsa_write(a.s.agent, VMSA, a.vcpu->mailbox, a.stack), 0);
	verdict_expect("creation on INIT",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE_ON_INIT, VMSA, FEATURES), 0);
	/* It goes on with its registers: those in the page stay as they were written. */
	mb->op = (struct agent_op){ .opcode = AGENT_OP_NOP };
	mb->state = AGENT_POSTED;
	do {
		exit = vcpu_run(a.vcpu);
	} while (exit.kind == VCPU_EXIT_INTERRUPTED);
	verdict_expect("the vCPU's exit", exit.kind, VCPU_EXIT_DOORBELL);
	verdict_expect("what is in the VMSA", read_vmsa(&a, VMSA), AGENT_CONTROL_GPA);
	close_aps(&a);
}

/* A page that is no VMSA: never made one, or shared, or in no memslot. */
static void run_no_vmsa(const struct run *run)
{
	struct aps a = open_aps();

	(void)run;
	agent_write(a.s.agent, VMSA, 1);
	verdict_expect("creation with a page that is no VMSA",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE, VMSA, FEATURES), 0);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose page is no VMSA");
	verdict_expect("creation with a page that was never touched",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE, OTHER, FEATURES), 0);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose page was never touched");
	verdict_expect("creation with an address without memory",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE, GPA + (1ull << 30) + PAGE, FEATURES),
		       0);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose page is in no memslot");
	create(&a, VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU with a VMSA at last");
	close_aps(&a);
}

/* The host takes the VMSA of a vCPU that sleeps: KVM lets go of it, and of nothing else. */
static void run_punched(const struct run *run)
{
	struct aps a = open_aps();

	(void)run;
	create(&a, VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU that the guest created");
	gmem_punch(a.s.ram->gmem, VMSA - GPA, PAGE);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose VMSA was punched away");
	create(&a, OTHER);
	snp_vmsa_expect_start(a.vcpu, "a vCPU with another VMSA");
	close_aps(&a);
}

static void *run_once(void *arg)
{
	struct aps *a = arg;

	do {
		a->exit = vcpu_run(a->vcpu);
	} while (a->exit.kind == VCPU_EXIT_INTERRUPTED);
	return NULL;
}

/* The same while it runs: it has left the guest before the page goes. */
static void run_punched_running(const struct run *run)
{
	struct aps a = open_aps();
	struct agent_mailbox *mb = vm_control_ptr(a.s.vm, a.vcpu->mailbox);
	pthread_t thread;
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		create(&a, VMSA);
		snp_vmsa_expect_start(a.vcpu, "a vCPU that the guest created");
		mb->op = (struct agent_op){ .opcode = AGENT_OP_SPIN, .value = UINT64_MAX };
		mb->stop = 0;
		__atomic_store_n(&mb->state, AGENT_POSTED, __ATOMIC_RELEASE);
		verdict_require(!pthread_create(&thread, NULL, run_once, &a), "pthread_create");
		while (__atomic_load_n(&mb->state, __ATOMIC_ACQUIRE) != AGENT_RUNNING)
			verdict_progress();
		gmem_punch(a.s.ram->gmem, VMSA - GPA, PAGE);
		__atomic_store_n(&mb->stop, 1, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		if (a.exit.kind != VCPU_EXIT_OTHER || a.exit.detail != KVM_EXIT_FAIL_ENTRY)
			verdict_fail(VERDICT_STALE_MAPPING,
				     "a vCPU went on with registers in a page that was punched away: exit %d, detail %llu",
				     a.exit.kind, (unsigned long long)a.exit.detail);
	}
	close_aps(&a);
}

/* Replaced while it runs; then its old page goes. */
static void run_replaced(const struct run *run)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, PAGES * PAGE);
	struct ghcb_page g = ghcb_page_create(s.agent);
	struct agent *other = agent_create(s.vm, 1, 1);
	const uint64_t stack = vm_control_alloc(s.vm, STACK_SIZE) + STACK_SIZE;
	struct agent_op spin = { .opcode = AGENT_OP_SPIN, .value = UINT64_MAX };
	struct agent_op nothing = { .opcode = AGENT_OP_NOP };
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		verdict_expect("RMPADJUST",
			       snp_vmsa_write(s.agent, VMSA, other->vcpu->mailbox, stack), 0);
		verdict_expect("creation", snp_vmsa_request(&g, 1, AP_CREATE, VMSA, FEATURES), 0);
		/* The agent begins anew, and finds nothing to do; then it spins. */
		agent_run(other, &nothing);
		agent_post(other, &spin);
		while (__atomic_load_n(&other->mb->state, __ATOMIC_ACQUIRE) != AGENT_RUNNING)
			verdict_progress();
		/* Replaced while it runs: it leaves the operation. */
		verdict_expect("RMPADJUST",
			       snp_vmsa_write(s.agent, OTHER, other->vcpu->mailbox, stack), 0);
		verdict_expect("replacement",
			       snp_vmsa_request(&g, 1, AP_CREATE, OTHER, FEATURES), 0);
		agent_wait(other);
		agent_post(other, &spin);
		while (__atomic_load_n(&other->mb->state, __ATOMIC_ACQUIRE) != AGENT_RUNNING)
			verdict_progress();
		gmem_punch(s.ram->gmem, VMSA - GPA, PAGE);
		agent_stop(other);
		agent_wait(other);
	}
	agent_destroy(other);
	scene_close(&s);
}

static const struct subtest subtests[] = {
	{ "snp-ap/life", "a vCPU starts with the registers in the guest's page, and ends",
	  run_life },
	{ "snp-ap/refused", "requests that make no sense are refused and change nothing",
	  run_refused },
	{ "snp-ap/on-init", "a creation on INIT changes nothing before there is one", run_on_init },
	{ "snp-ap/no-vmsa", "a vCPU does not start from a page that is no VMSA", run_no_vmsa },
	{ "snp-ap/punched", "a vCPU whose VMSA was punched away does not run", run_punched },
	{ "snp-ap/punched-running", "a running vCPU ends when its VMSA is punched away",
	  run_punched_running },
	{ "snp-ap/replaced", "a running vCPU is replaced, and its old VMSA goes without harm",
	  run_replaced },
};

TEST_PROGRAM("snp_ap_test", subtests)
