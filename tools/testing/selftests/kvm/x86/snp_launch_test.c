// SPDX-License-Identifier: GPL-2.0-only
/*
 * The launch of an SNP guest: the order of its commands, their errors, the types of pages, and what
 * is left of a launch that was given up (arch/x86/kvm/svm/sev.c, snp_launch_*()).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/gmem.h"
#include "machine/vcpu.h"
#include "machine/x86/shadow_paging.h"
#include "scenario/x86/snp_bare.h"

#define GPA	SNP_BARE_GPA
#define PAGES	SNP_BARE_PAGES

/* Errors of the firmware (include/uapi/linux/psp-sev.h). */
#define FIRMWARE_POLICY_FAILURE	0x07u
#define FIRMWARE_BAD_SIGNATURE	0x0au

#define ASIDS	140u	/* more than the model has for SNP; on hardware there may be more */

#define OLD_COMMAND_LAST	21	/* of SEV and SEV-ES: KVM_SEV_SEND_CANCEL */

/* Commands in the wrong order, or at a VM that is no SNP guest yet. */
static void run_order(const struct run *run)
{
	struct snp_init_args init = { 0 };
	struct snp_start_args start = { .policy = SNP_POLICY };
	struct snp_finish_args finish = { 0 };
	struct snp_bare b = snp_bare_open(SNP_CREATED);
	uint32_t id;

	(void)run;
	verdict_errno("START before INIT2", __snp_command(b.vm, SNP_LAUNCH_START, &start, NULL),
		      ENOTTY);
	verdict_errno("UPDATE before INIT2",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGE, b.from, NULL), EINVAL);
	verdict_errno("FINISH before INIT2", __snp_command(b.vm, SNP_LAUNCH_FINISH, &finish, NULL),
		      ENOTTY);
	verdict_errno("INIT2", __snp_command(b.vm, SNP_INIT2, &init, NULL), 0);
	verdict_errno("UPDATE before START",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGE, b.from, NULL), EINVAL);
	verdict_errno("FINISH before START", __snp_command(b.vm, SNP_LAUNCH_FINISH, &finish, NULL),
		      EINVAL);
	for (id = 0; id <= OLD_COMMAND_LAST + 1; id++)
		verdict_errno("a command of SEV's, or INIT2 again, for an SNP guest",
			      __snp_command(b.vm, id, &init, NULL), EPERM);
	verdict_errno("START", __snp_command(b.vm, SNP_LAUNCH_START, &start, NULL), 0);
	verdict_errno("START again", __snp_command(b.vm, SNP_LAUNCH_START, &start, NULL), EINVAL);
	verdict_errno("a command that nobody knows", __snp_command(b.vm, 1000, &init, NULL),
		      EINVAL);
	snp_bare_close(&b);
	snp_bare_left();
}

/* A vCPU may be there before INIT2, which is refused then. */
static void run_vcpu_first(const struct run *run)
{
	struct snp_init_args init = { 0 };
	struct snp_bare b = snp_bare_open(SNP_CREATED);
	struct vcpu vcpu = { .vm = b.vm, .fd = vm_ioctl(b.vm, KVM_CREATE_VCPU, 0) };

	(void)run;
	verdict_errno("INIT2 of a VM with a vCPU", __snp_command(b.vm, SNP_INIT2, &init, NULL),
		      EINVAL);
	verdict_errno("KVM_RUN before INIT2", __vcpu_ioctl(&vcpu, KVM_RUN, NULL), EINVAL);
	close(vcpu.fd);
	snp_bare_close(&b);
}

static void run_init(const struct run *run)
{
	static const struct {
		const char *what;
		struct snp_init_args args;
	} rows[] = {
		{ "INIT2 with a flag", { .flags = 1 } },
		{ "INIT2 with version 1 of the GHCB's protocol", { .ghcb_version = 1 } },
		{ "INIT2 with version 3 of the GHCB's protocol", { .ghcb_version = 3 } },
		{ "INIT2 with a feature that nobody has", { .vmsa_features = 1ull << 62 } },
		{ "INIT2 with SNP itself as a feature", { .vmsa_features = 1 } },
	};
	struct snp_bare b = snp_bare_open(SNP_CREATED);
	struct snp_init_args good = { .ghcb_version = 2 };
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct snp_init_args args = rows[i].args;

		verdict_errno(rows[i].what, __snp_command(b.vm, SNP_INIT2, &args, NULL), EINVAL);
	}
	verdict_errno("INIT2 after all that", __snp_command(b.vm, SNP_INIT2, &good, NULL), 0);
	snp_bare_close(&b);
}

static void run_policy(const struct run *run)
{
	static const struct {
		const char *what;
		uint64_t policy;
		uint16_t flags;
		int due;
		uint32_t firmware;
	} rows[] = {
		{ "bit 17 is not set", SNP_POLICY_SMT, 0, EINVAL },
		{ "a migration agent", SNP_POLICY | 1ull << 18, 0, EINVAL },
		{ "a bit that is reserved", SNP_POLICY | 1ull << 40, 0, EINVAL },
		{ "a flag", SNP_POLICY, 1, EINVAL },
		{ "an ABI that the firmware has not", SNP_POLICY | 0xff00, 0, EIO,
		  FIRMWARE_POLICY_FAILURE },
		{ "debugging", SNP_POLICY | SNP_POLICY_DEBUG, 0, 0 },
	};
	struct snp_bare b = snp_bare_open(SNP_INITIALISED);
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct snp_start_args args = { .policy = rows[i].policy, .flags = rows[i].flags };
		uint32_t firmware = 0;

		verdict_errno(rows[i].what, __snp_command(b.vm, SNP_LAUNCH_START, &args, &firmware),
			      rows[i].due);
		if (firmware != rows[i].firmware)
			verdict_fail(VERDICT_ABI, "policy, %s: firmware error %#x, expected %#x",
				     rows[i].what, firmware, rows[i].firmware);
	}
	snp_bare_close(&b);
	snp_bare_left();
}

/* Is the file descriptor really the secure processor's? */
static void run_device(const struct run *run)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	struct snp_update_args args = {
		.gfn_start = GPA / 4096, .uaddr = (uintptr_t)b.from, .len = PAGE,
		.type = SNP_PAGE_NORMAL,
	};
	const int wrong[] = { -1, null, b.vm->fd };
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct snp_command command = {
			.id = SNP_LAUNCH_UPDATE, .data = (uintptr_t)&args, .sev_fd = wrong[i],
		};

		/* kvm_gmem_populate() failed on the first page, whatever it was: EIO. */
		verdict_errno("UPDATE by a file that is not /dev/sev",
			      __vm_ioctl(b.vm, KVM_MEMORY_ENCRYPT_OP, &command), EIO);
	}
	verdict_errno("UPDATE by /dev/sev after that",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGE, b.from, NULL), 0);
	close(null);
	snp_bare_close(&b);
	snp_bare_left();
}

static void run_finish(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_UPDATED);
	struct snp_finish_args flag = { .flags = 1 };
	struct snp_finish_args nowhere = { .id_block_en = 1, .id_block_uaddr = 4096 };
	struct snp_finish_args unsigned_block = {
		.id_block_en = 1, .id_block_uaddr = (uintptr_t)b.from,
		.id_auth_uaddr = (uintptr_t)b.from,
	};
	struct snp_finish_args good = { .host_data = "who it is for" };
	uint32_t firmware;

	(void)run;
	verdict_errno("FINISH with a flag", __snp_command(b.vm, SNP_LAUNCH_FINISH, &flag, NULL),
		      EINVAL);
	verdict_errno("FINISH with an identity that is not mapped",
		      __snp_command(b.vm, SNP_LAUNCH_FINISH, &nowhere, NULL), EFAULT);
	verdict_errno("FINISH with an identity that nobody signed",
		      __snp_command(b.vm, SNP_LAUNCH_FINISH, &unsigned_block, &firmware), EIO);
	if (firmware != FIRMWARE_BAD_SIGNATURE)
		verdict_fail(VERDICT_ABI, "unsigned identity: firmware error %#x, expected %#x",
			     firmware, FIRMWARE_BAD_SIGNATURE);
	verdict_errno("FINISH", __snp_command(b.vm, SNP_LAUNCH_FINISH, &good, NULL), 0);
	verdict_errno("UPDATE after FINISH",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGE, b.from, NULL), EIO);
	snp_bare_close(&b);
	snp_bare_left();
}

/* Before FINISH the host would decide what is in the guest's memory. */
static void run_prefault(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	struct vcpu vcpu = { .vm = b.vm, .fd = vm_ioctl(b.vm, KVM_CREATE_VCPU, 0) };
	struct snp_finish_args finish = { 0 };

	(void)run;
	if (tdp_mmu_off())
		verdict_skip("pre-fault without the TDP MMU: docs/findings.md, 20");
	verdict_errno("KVM_PRE_FAULT_MEMORY before FINISH", __vcpu_pre_fault(&vcpu, GPA, PAGE),
		      EOPNOTSUPP);
	verdict_errno("UPDATE", __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGE, b.from, NULL), 0);
	verdict_errno("FINISH", __snp_command(b.vm, SNP_LAUNCH_FINISH, &finish, NULL), 0);
	verdict_errno("KVM_PRE_FAULT_MEMORY after FINISH",
		      __vcpu_pre_fault(&vcpu, GPA, PAGES * PAGE), 0);
	close(vcpu.fd);
	snp_bare_close(&b);
	snp_bare_left();
}

/* A launch that is given up leaves nothing behind, and nothing that is punched stays. */
static void run_given_up(const struct run *run)
{
	enum snp_stage stage;

	(void)run;
	for (stage = SNP_CREATED; stage <= SNP_FINISHED; stage++) {
		struct snp_bare b = snp_bare_open(stage);
		long before = snp_assigned(), after;

		gmem_punch(b.slot.gmem, 0, 4 * PAGE);
		after = snp_assigned();
		if (stage >= SNP_UPDATED && before >= 0 && after != before - 4)
			verdict_fail(VERDICT_ACCOUNTING,
				     "4 launched pages were punched: %ld pages assigned, before %ld",
				     after, before);
		snp_bare_close(&b);
		snp_bare_left();
	}
}

/* Guests come and go until their ASIDs have to be used again, and once more. */
static void run_asids(const struct run *run)
{
	unsigned int i;

	(void)run;
	for (i = 0; i < ASIDS; i++) {
		struct snp_bare b = snp_bare_open(SNP_STARTED);

		snp_bare_close(&b);
	}
	snp_bare_left();
}

static const struct subtest subtests[] = {
	{ "snp-launch/order", "commands out of order are refused, each with its errno", run_order },
	{ "snp-launch/vcpu-first", "a VM that has a vCPU does not become an SNP guest any more",
	  run_vcpu_first },
	{ "snp-launch/init", "features, versions and flags that do not exist are refused by INIT2",
	  run_init },
	{ "snp-launch/policy", "KVM and firmware refuse the policies that they cannot keep",
	  run_policy },
	{ "snp-launch/device", "pages are launched by /dev/sev and by no other file", run_device },
	{ "snp-launch/finish", "a launch is finished once, and not by an unsigned identity",
	  run_finish },
	{ "snp-launch/prefault", "memory is pre-faulted after the launch, and not before",
	  run_prefault },
	{ "snp-launch/asids", "an ASID is free again when its guest is gone", run_asids },
	{ "snp-launch/given-up", "pages are released at every stage of a launch", run_given_up },
};

TEST_PROGRAM("snp_launch_test", subtests)
