// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs that an SNP guest itself creates, replaces and destroys
 * (arch/x86/kvm/svm/sev.c, sev_snp_ap_creation()).
 */
#include "abi/array.h"
#include "abi/x86/agent_arch.h"
#include "harness/runner.h"
#include "machine/gmem.h"
#include "machine/x86/snp.h"
#include "scenario/x86/snp_ap.h"

static uint64_t read_vmsa(struct snp_ap *a, uint64_t gpa)
{
	struct agent_op op = {
		.opcode = AGENT_OP_LOAD, .arg = gpa + VMSA_RIP + AGENT_ALIAS_PRIVATE,
	};

	return agent_expect_ok(a->s.agent, &op, VERDICT_PERMISSION, "read of a VMSA");
}

/* Created, replaced, destroyed, created again; the registers are in the guest's page. */
static void run_life(const struct run *run)
{
	struct snp_ap a = snp_ap_open();

	(void)run;
	snp_vmsa_expect_start(a.vcpu, "the vCPU as it was launched");
	snp_ap_create(&a, AP_VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU that the guest created");
	if (read_vmsa(&a, AP_VMSA) == AGENT_CONTROL_GPA)
		verdict_fail(VERDICT_LOST_WRITE, "the vCPU ran, and its VMSA is as it was written");
	snp_ap_create(&a, AP_OTHER);
	snp_vmsa_expect_start(a.vcpu, "a vCPU with other registers");
	verdict_expect("destruction", snp_vmsa_request(&a.ghcb, 1, AP_DESTROY, 0, AP_FEATURES), 0);
	snp_vmsa_expect_halted(a.vcpu);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU that was destroyed, and made runnable");
	snp_ap_create(&a, AP_VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU that was created again");
	snp_ap_close(&a);
}

static void run_refused(const struct run *run)
{
	struct snp_ap a = snp_ap_open();
	const struct {
		const char *what;
		uint64_t request, gpa, features;
	} rows[] = {
		{ "features of another VM", AP_CREATE, AP_VMSA, AP_FEATURES | 4 },
		{ "no features", AP_CREATE, AP_VMSA, 0 },
		{ "an address that is not aligned", AP_CREATE, AP_VMSA + 8, AP_FEATURES },
		{ "an address that is aligned to 2M", AP_CREATE, AP_GPA, AP_FEATURES },
		{ "an address beyond all memory", AP_CREATE, 1ull << 62, AP_FEATURES },
		{ "a request that nobody knows", 3, AP_VMSA, AP_FEATURES },
	};
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		verdict_expect(rows[i].what,
			       snp_vmsa_request(&a.ghcb, 1, rows[i].request, rows[i].gpa,
					      rows[i].features), GHCB_BAD_INPUT);
	snp_vmsa_expect_start(a.vcpu, "a vCPU whose replacement was refused");
	snp_ap_close(&a);
}

/* Creation for later: only an INIT makes it happen, and nobody sends one. */
static void run_on_init(const struct run *run)
{
	struct snp_ap a = snp_ap_open();
	struct agent_mailbox *mb = vm_control_ptr(a.s.vm, a.vcpu->mailbox);
	struct vcpu_exit exit;

	(void)run;
	snp_vmsa_expect_start(a.vcpu, "the vCPU as it was launched");
	verdict_expect("RMPADJUST",
		       snp_vmsa_write(a.s.agent, AP_VMSA, a.vcpu->mailbox, a.stack), 0);
	verdict_expect("creation on INIT",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE_ON_INIT, AP_VMSA, AP_FEATURES), 0);
	/* It goes on with its registers: those in the page stay as they were written. */
	mb->op = (struct agent_op){ .opcode = AGENT_OP_NOP };
	mb->state = AGENT_POSTED;
	do {
		exit = vcpu_run(a.vcpu);
	} while (exit.kind == VCPU_EXIT_INTERRUPTED);
	verdict_expect("the vCPU's exit", exit.kind, VCPU_EXIT_DOORBELL);
	verdict_expect("what is in the VMSA", read_vmsa(&a, AP_VMSA), AGENT_CONTROL_GPA);
	snp_ap_close(&a);
}

/* A page that is no VMSA: never made one, or shared, or in no memslot. */
static void run_no_vmsa(const struct run *run)
{
	struct snp_ap a = snp_ap_open();

	(void)run;
	agent_write(a.s.agent, AP_VMSA, 1);
	verdict_expect("creation with a page that is no VMSA",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE, AP_VMSA, AP_FEATURES), 0);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose page is no VMSA");
	verdict_expect("creation with a page that was never touched",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE, AP_OTHER, AP_FEATURES), 0);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose page was never touched");
	verdict_expect("creation with an address without memory",
		       snp_vmsa_request(&a.ghcb, 1, AP_CREATE, AP_GPA + (1ull << 30) + PAGE,
					AP_FEATURES), 0);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose page is in no memslot");
	snp_ap_create(&a, AP_VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU with a VMSA at last");
	snp_ap_close(&a);
}

/* Replaced while it runs; then its old page goes. */
static void run_replaced(const struct run *run)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, AP_PAGES * PAGE);
	struct ghcb_page g = ghcb_page_create(s.agent);
	struct agent *other = agent_create(s.vm, 1, 1);
	const uint64_t stack = vm_control_alloc(s.vm, AP_STACK_SIZE) + AP_STACK_SIZE;
	struct agent_op spin = { .opcode = AGENT_OP_SPIN, .value = UINT64_MAX };
	struct agent_op nothing = { .opcode = AGENT_OP_NOP };
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		verdict_expect("RMPADJUST",
			       snp_vmsa_write(s.agent, AP_VMSA, other->vcpu->mailbox, stack), 0);
		verdict_expect("creation",
			       snp_vmsa_request(&g, 1, AP_CREATE, AP_VMSA, AP_FEATURES), 0);
		/* The agent begins anew, and finds nothing to do; then it spins. */
		agent_run(other, &nothing);
		agent_post(other, &spin);
		while (__atomic_load_n(&other->mb->state, __ATOMIC_ACQUIRE) != AGENT_RUNNING)
			verdict_progress();
		/* Replaced while it runs: it leaves the operation. */
		verdict_expect("RMPADJUST",
			       snp_vmsa_write(s.agent, AP_OTHER, other->vcpu->mailbox, stack), 0);
		verdict_expect("replacement",
			       snp_vmsa_request(&g, 1, AP_CREATE, AP_OTHER, AP_FEATURES), 0);
		agent_wait(other);
		agent_post(other, &spin);
		while (__atomic_load_n(&other->mb->state, __ATOMIC_ACQUIRE) != AGENT_RUNNING)
			verdict_progress();
		gmem_punch(s.ram->gmem, AP_VMSA - AP_GPA, PAGE);
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
	{ "snp-ap/replaced", "a running vCPU is replaced, and its old VMSA goes without harm",
	  run_replaced },
};

TEST_PROGRAM("snp_ap_test", subtests)
