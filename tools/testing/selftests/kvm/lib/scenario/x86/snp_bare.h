/* SPDX-License-Identifier: GPL-2.0-only */
/* An SNP VM without an agent, in the middle of its launch, with private memory in one memslot. */
#ifndef SNP_BARE_H
#define SNP_BARE_H

#include "machine/memslot.h"
#include "machine/x86/snp.h"

#define SNP_BARE_PAGES	16u
#define SNP_BARE_GPA	AGENT_TEST_GPA

struct snp_bare {
	struct vm *vm;
	struct memslot slot;
	uint8_t *from;		/* what is launched, and the slot's shared side */
};

enum snp_stage { SNP_CREATED, SNP_INITIALISED, SNP_STARTED, SNP_UPDATED, SNP_FINISHED };

/**
 * snp_bare_open() - create the VM and bring it to a stage of its launch
 * @stage: which
 *
 * Return: the VM, with private memory, all of it launched from SNP_UPDATED on.
 */
struct snp_bare snp_bare_open(enum snp_stage stage);

/**
 * snp_bare_close() - give everything back
 * @b: the VM
 */
void snp_bare_close(struct snp_bare *b);

/**
 * snp_bare_left() - fail if guests own pages, now that there are none
 *
 * Only a modelled machine says how many.
 */
void snp_bare_left(void);

#endif /* SNP_BARE_H */
