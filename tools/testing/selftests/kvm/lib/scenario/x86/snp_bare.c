// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/x86/snp_bare.h"

#define SIZE	(SNP_BARE_PAGES * PAGE)

struct snp_bare snp_bare_open(enum snp_stage stage)
{
	struct snp_bare b = { .vm = vm_create_bare(snp_type()) };
	struct snp_init_args init = { 0 };
	struct snp_start_args start = { .policy = SNP_POLICY };
	struct snp_finish_args finish = { 0 };

	b.from = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	verdict_require(b.from != MAP_FAILED, "mmap");
	memset(b.from, 0x5a, SIZE);
	b.slot = (struct memslot){
		.id = 1, .flags = KVM_MEM_GUEST_MEMFD, .gpa = SNP_BARE_GPA, .size = SIZE,
		.hva = b.from, .gmem = gmem_create(b.vm, SIZE, 0),
	};
	memslot_set(b.vm, &b.slot);
	attributes_set(b.vm, SNP_BARE_GPA, SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
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
