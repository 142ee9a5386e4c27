// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of an SNP guest to the firmware, which KVM carries there and back
 * (arch/x86/kvm/svm/sev.c, snp_handle_guest_req(); AMD 56421, "SNP Guest Request"), and what the
 * host may add to a report of attestation.  What is in a message is between guest and firmware.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/x86/kvm_uapi_x86.h"
#include "machine/x86/snp.h"
#include "scenario/x86/snp_messenger.h"

#define GPA		SNP_MESSENGER_GPA
#define VCPUS		SNP_MESSENGER_VCPUS
#define REPORT_REQUEST	5u	/* type of a message; AMD 56860, 7.2 */

#define FIRMWARE_BAD_PARAMETER	0x16ull		/* AMD 56860, 5.1 */
#define VMM_ERROR(n)		((uint64_t)(n) << 32)

static void run_answer(const struct run *run)
{
	struct snp_messenger m = snp_messenger_open(false);
	uint64_t i, info;

	for (i = 1; i <= run->iterations; i++) {
		snp_message_write(&m, 0, 1 + i % 200, i);
		info = snp_message(&m, 0, GPA, GPA + PAGE);
		verdict_expect("what KVM itself has to say", info >> 32, 0);
		if (!snp_modelled())
			continue;
		verdict_expect("the firmware's error", info, 0);
		snp_message_check(&m, 0, 1);
	}
	if (memory_at(m.ram, 2)[0] != 0xee)
		verdict_fail(VERDICT_WRONG_PAGE, "the page behind the answer is not what it was");
	snp_message_write(&m, 0, 0, i);
	info = snp_message(&m, 0, GPA, GPA + PAGE);
	if (snp_modelled())
		verdict_expect("the firmware's error", info, FIRMWARE_BAD_PARAMETER);
	snp_messenger_close(&m);
}

/* A page that is not there is the host's mistake: KVM_RUN says so. */
static void run_no_memory(const struct run *run)
{
	struct snp_messenger m = snp_messenger_open(false);
	const uint64_t hole = GPA + (1ull << 30);
	const struct {
		const char *what;
		uint64_t from, to;
	} rows[] = {
		{ "a message in a hole", hole, GPA }, { "an answer into a hole", GPA, hole },
		{ "both in a hole", hole, hole + PAGE },
	};
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		snp_message_write(&m, 0, 1, i);
		ghcb_page_begin(&m.ghcb[0], GHCB_GUEST_REQUEST, rows[i].from, rows[i].to);
		verdict_expect(rows[i].what, snp_message_send(&m, 0).error, -EIO);
		verdict_expect("the vCPU goes on after that",
			       snp_message_run(m.agent[0]->vcpu).kind, VCPU_EXIT_DOORBELL);
	}
	snp_messenger_close(&m);
}

/* Without the host's help the guest gets an empty table of certificates: 24 bytes of zero. */
static void run_no_certificates(const struct run *run)
{
	struct snp_messenger m = snp_messenger_open(false);
	const uint8_t *table = memory_at(m.ram, 4);
	unsigned int i;

	(void)run;
	snp_message_write(&m, 0, REPORT_REQUEST, 1);
	ghcb_page_begin(&m.ghcb[0], GHCB_EXTENDED_REQUEST, GPA, GPA + PAGE);
	ghcb_page_set(&m.ghcb[0], GHCB_RAX, GPA + 4 * PAGE);
	ghcb_page_set(&m.ghcb[0], GHCB_RBX, 1);
	verdict_expect("the exit that ends it", snp_message_send(&m, 0).kind, VCPU_EXIT_DOORBELL);
	for (i = 0; i < PAGE; i++)
		verdict_expect("a byte of the table", table[i], i < 24 ? 0 : 0xee);
	if (snp_modelled())
		snp_message_check(&m, 0, 1);
	verdict_errno("KVM_SEV_SNP_ENABLE_REQ_CERTS with vCPUs",
		      __snp_command(m.vm, SNP_ENABLE_CERTS, NULL, NULL), EINVAL);
	snp_messenger_close(&m);
}

static void begin_report(struct snp_messenger *m, uint8_t type, uint64_t table)
{
	snp_message_write(m, 0, type, 1);
	memset(memory_at(m->ram, 1), 0xee, PAGE);
	ghcb_page_begin(&m->ghcb[0], GHCB_EXTENDED_REQUEST, GPA, GPA + PAGE);
	ghcb_page_set(&m->ghcb[0], GHCB_RAX, table);
	ghcb_page_set(&m->ghcb[0], GHCB_RBX, 3);
}

/* What the host answers when it is asked for certificates (api.rst, 5). */
static void run_certificates(const struct run *run)
{
	static const struct {
		uint64_t answer, info, pages;
	} rows[] = {
		{ ENOSPC, VMM_ERROR(1), 7 }, { EAGAIN, VMM_ERROR(2), 3 },
		{ EIO, VMM_ERROR(0xffffffff), 3 }, { 0, 0, 3 },
	};
	struct snp_messenger m = snp_messenger_open(true);
	struct vcpu *vcpu = m.agent[0]->vcpu;
	struct snp_certs *certs = (void *)&vcpu->run->hw;
	const uint64_t table = GPA + 4 * PAGE;
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin_report(&m, REPORT_REQUEST, table);
		verdict_expect("the exit for certificates", snp_message_send(&m, 0).detail,
			       SNP_EXIT_CERTS);
		verdict_expect("where the guest wants them", certs->gpa, table);
		verdict_expect("pages that it has for them", certs->npages, 3);
		verdict_expect("ret, before it is set", certs->ret, 0);
		certs->ret = rows[i].answer;
		certs->npages = rows[i].pages;
		verdict_expect("the end of it", snp_message_run(vcpu).kind, VCPU_EXIT_DOORBELL);
		if (rows[i].answer || snp_modelled())
			verdict_expect("SW_EXITINFO2", m.ghcb[0].field[GHCB_INFO_2], rows[i].info);
		if (rows[i].answer == ENOSPC)
			verdict_expect("pages that it takes", m.ghcb[0].field[GHCB_RBX], 7);
		if (rows[i].answer)
			verdict_expect("the page for the answer", memory_at(m.ram, 1)[0], 0xee);
		else if (snp_modelled())
			snp_message_check(&m, 0, 1);
	}
	begin_report(&m, REPORT_REQUEST, table);
	verdict_expect("the exit for certificates", snp_message_send(&m, 0).detail, SNP_EXIT_CERTS);
	certs->ret = EPERM;
	verdict_expect("an answer that there is not", snp_message_run(vcpu).error, -EINVAL);
	verdict_expect("the vCPU after that", snp_message_run(vcpu).kind, VCPU_EXIT_DOORBELL);
	begin_report(&m, REPORT_REQUEST, table + 8);
	verdict_expect("a table that is not aligned", snp_message_send(&m, 0).kind,
		       VCPU_EXIT_DOORBELL);
	verdict_expect("SW_EXITINFO2", m.ghcb[0].field[GHCB_INFO_2], GHCB_BAD_INPUT);
	begin_report(&m, REPORT_REQUEST + 2, table);
	verdict_expect("what is no report", snp_message_send(&m, 0).kind, VCPU_EXIT_DOORBELL);
	snp_messenger_close(&m);
}

struct sender {
	struct snp_messenger *m;
	struct sender *other;
	unsigned int vcpu;
	uint32_t busy;
	uint64_t rounds, overlaps;
};

static void *send_messages(void *arg)
{
	struct sender *s = arg;
	const uint32_t from = 2 * s->vcpu, to = from + 1;
	uint64_t i, info;

	for (i = 1; i <= s->rounds; i++) {
		snp_message_write(s->m, from, 1 + s->vcpu, i);
		__atomic_store_n(&s->busy, 1, __ATOMIC_SEQ_CST);
		s->overlaps += __atomic_load_n(&s->other->busy, __ATOMIC_SEQ_CST);
		info = snp_message(s->m, s->vcpu, GPA + from * PAGE, GPA + to * PAGE);
		if (!info && snp_modelled())
			snp_message_check(s->m, from, to);
		__atomic_store_n(&s->busy, 0, __ATOMIC_SEQ_CST);
		verdict_progress();
	}
	return NULL;
}

/* Both vCPUs' messages go through the same pages of the VM's: each gets its own answer. */
static void run_two(const struct run *run)
{
	struct snp_messenger m = snp_messenger_open(false);
	struct sender s[VCPUS] = {
		{ &m, &s[1], 0, .rounds = 20 * run->iterations },
		{ &m, &s[0], 1, .rounds = 20 * run->iterations },
	};
	pthread_t other;

	verdict_require(!pthread_create(&other, NULL, send_messages, &s[1]), "thread");
	send_messages(&s[0]);
	pthread_join(other, NULL);
	verdict_exercised(s[0].rounds + s[1].rounds, s[0].overlaps + s[1].overlaps);
	snp_messenger_close(&m);
}

static const struct subtest subtests[] = {
	{ "snp-message/answer", "a message gets to the firmware, and its answer or error to the guest",
	  run_answer },
	{ "snp-message/no-memory", "a message or answer without memory fails KVM_RUN, and that is all",
	  run_no_memory },
	{ "snp-message/no-certificates", "a report without the host's help has an empty table with it",
	  run_no_certificates },
	{ "snp-message/certificates",
	  "the host is asked for certificates, and the guest hears its answer",
	  run_certificates },
	{ "snp-message/two-vcpus", "of two vCPUs that send at once each gets its own answer",
	  run_two },
};

TEST_PROGRAM("snp_message_test", subtests)
