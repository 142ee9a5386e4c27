// SPDX-License-Identifier: GPL-2.0-only
#include <sys/mman.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "scenario/x86/bare_memory.h"
#include "scenario/x86/snp_bare.h"

#define SIZE	(SNP_BARE_PAGES * PAGE)

struct snp_bare snp_bare_open(enum snp_stage stage)
{
	struct snp_bare b = { .vm = vm_create_bare(snp_type()) };
	struct snp_init_args init = { 0 };
	struct snp_start_args start = { .policy = SNP_POLICY };
	struct snp_finish_args finish = { 0 };

	b.slot = bare_memory_add(b.vm, SNP_BARE_GPA, SIZE);
	b.from = b.slot.hva;
	if (stage >= SNP_INITIALISED)
		verdict_errno("KVM_SEV_INIT2", __snp_command(b.vm, SNP_INIT2, &init, NULL), 0);
	if (stage >= SNP_STARTED)
		verdict_errno("KVM_SEV_SNP_LAUNCH_START",
			      __snp_command(b.vm, SNP_LAUNCH_START, &start, NULL), 0);
	if (stage >= SNP_UPDATED)
		verdict_errno("KVM_SEV_SNP_LAUNCH_UPDATE",
			      __snp_update(b.vm, SNP_PAGE_NORMAL, SNP_BARE_GPA, SIZE, b.from, NULL),
			      0);
	if (stage >= SNP_FINISHED)
		verdict_errno("KVM_SEV_SNP_LAUNCH_FINISH",
			      __snp_command(b.vm, SNP_LAUNCH_FINISH, &finish, NULL), 0);
	return b;
}

void snp_bare_close(struct snp_bare *b)
{
	close(b->slot.gmem);
	vm_destroy(b->vm);
	munmap(b->from, SIZE);
}

void snp_bare_left(void)
{
	const long left = snp_assigned();

	if (left > 0)
		verdict_fail(VERDICT_ACCOUNTING, "%ld pages stay assigned to guests that are gone",
			     left);
}
