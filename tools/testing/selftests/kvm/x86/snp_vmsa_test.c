// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page with the registers of a vCPU that an SNP guest created is the guest's own, and the
 * host may take it away at any time: by a punch, with its memslot, by a conversion, with its file.
 * KVM has to let go of it before it is somebody else's (arch/x86/kvm/svm/sev.c,
 * sev_gmem_invalidate_range()).
 */
#include <pthread.h>
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/x86/snp_ap.h"

/* How the host takes a VMSA away, and what makes it usable again; NULL: nothing does. */
struct taking {
	void (*take)(struct snp_ap *a);
	void (*give)(struct snp_ap *a);
};

static void punch(struct snp_ap *a)
{
	gmem_punch(a->s.ram->gmem, AP_VMSA - AP_GPA, PAGE);
}

static void nothing_more(struct snp_ap *a)
{
	(void)a;
}

static void delete_slot(struct snp_ap *a)
{
	memory_unplug(a->s.ram);
}

static void create_slot(struct snp_ap *a)
{
	memory_plug(a->s.ram);
}

/* As user space does for a page that is to be shared from now on. */
static void convert(struct snp_ap *a)
{
	attributes_set(a->s.vm, AP_VMSA, PAGE, 0);
	punch(a);
}

static void convert_back(struct snp_ap *a)
{
	attributes_set(a->s.vm, AP_VMSA, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

static void close_file(struct snp_ap *a)
{
	memory_close(a->s.ram);
}

/* The host takes the VMSA of a vCPU that sleeps: KVM lets go of it, and of nothing else. */
static void run_taken(const struct run *run)
{
	const struct taking *t = run->arg;
	struct snp_ap a = snp_ap_open();

	snp_ap_create(&a, AP_VMSA);
	snp_vmsa_expect_start(a.vcpu, "a vCPU that the guest created");
	t->take(&a);
	snp_vmsa_expect_no_entry(a.vcpu, "a vCPU whose VMSA was taken away");
	if (t->give) {
		t->give(&a);
		snp_ap_create(&a, AP_OTHER);
		snp_vmsa_expect_start(a.vcpu, "a vCPU with another VMSA");
	}
	snp_ap_close(&a);
}

/* KVM_RUN of a vCPU in a thread of its own. */
struct running {
	struct vcpu *vcpu;
	struct vcpu_exit exit;
};

static void *run_once(void *arg)
{
	struct running *r = arg;

	do {
		r->exit = vcpu_run(r->vcpu);
	} while (r->exit.kind == VCPU_EXIT_INTERRUPTED);
	return NULL;
}

/* The same while it runs: it has left the guest before the page goes. */
static void run_taken_running(const struct run *run)
{
	const struct taking *t = run->arg;
	struct snp_ap a = snp_ap_open();
	struct running second = { .vcpu = a.vcpu };
	struct agent_mailbox *mb = vm_control_ptr(a.s.vm, a.vcpu->mailbox);
	pthread_t thread;
	uint64_t i;

	for (i = 0; i < (t->give ? run->iterations : 1); i++) {
		snp_ap_create(&a, AP_VMSA);
		snp_vmsa_expect_start(a.vcpu, "a vCPU that the guest created");
		mb->op = (struct agent_op){ .opcode = AGENT_OP_SPIN, .value = UINT64_MAX };
		mb->stop = 0;
		__atomic_store_n(&mb->state, AGENT_POSTED, __ATOMIC_RELEASE);
		verdict_require(!pthread_create(&thread, NULL, run_once, &second),
				"pthread_create");
		while (__atomic_load_n(&mb->state, __ATOMIC_ACQUIRE) != AGENT_RUNNING)
			verdict_progress();
		t->take(&a);
		__atomic_store_n(&mb->stop, 1, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		if (second.exit.kind != VCPU_EXIT_OTHER ||
		    second.exit.detail != KVM_EXIT_FAIL_ENTRY)
			verdict_fail(VERDICT_STALE_MAPPING,
				     "a vCPU went on with registers in a page that was taken away: exit %d, detail %llu",
				     second.exit.kind, (unsigned long long)second.exit.detail);
		if (t->give)
			t->give(&a);
	}
	snp_ap_close(&a);
}

#define TAKEN(take, give)		run_taken, &(const struct taking){ take, give }
#define TAKEN_RUNNING(take, give)	run_taken_running, &(const struct taking){ take, give }

static const struct subtest subtests[] = {
	{ "snp-vmsa/punched-running", "a running vCPU ends when its VMSA is punched away",
	  TAKEN_RUNNING(punch, nothing_more) },
	{ "snp-vmsa/punched", "a vCPU whose VMSA was punched away does not run",
	  TAKEN(punch, nothing_more) },
	{ "snp-vmsa/deleted", "a vCPU whose VMSA lost its memslot does not run",
	  TAKEN(delete_slot, create_slot) },
	{ "snp-vmsa/deleted-running", "a running vCPU ends when the memslot of its VMSA is deleted",
	  TAKEN_RUNNING(delete_slot, create_slot) },
	{ "snp-vmsa/converted", "a vCPU whose VMSA was converted and punched does not run",
	  TAKEN(convert, convert_back) },
	{ "snp-vmsa/converted-running", "a running vCPU ends when its VMSA is converted and punched",
	  TAKEN_RUNNING(convert, convert_back) },
	{ "snp-vmsa/closed", "a vCPU whose VMSA lost its file does not run",
	  TAKEN(close_file, NULL) },
	{ "snp-vmsa/closed-running", "a running vCPU ends when the file of its VMSA is closed",
	  TAKEN_RUNNING(close_file, NULL) },
};

TEST_PROGRAM("snp_vmsa_test", subtests)
