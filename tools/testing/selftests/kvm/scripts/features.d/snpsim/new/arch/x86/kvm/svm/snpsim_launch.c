// SPDX-License-Identifier: GPL-2.0-only
/* The firmware's commands that launch a guest. */
#include <linux/mm.h>
#include "snpsim.h"

int snpsim_launch_start(struct sev_data_snp_launch_start *data)
{
	struct snpsim_context *context = snpsim_context_of(data->gctx_paddr);

	if (!context)
		return SEV_RET_INVALID_GUEST;
	if (context->state != SNPSIM_INIT)
		return SEV_RET_INVALID_GUEST_STATE;
	if (!(data->policy & SNP_POLICY_MASK_RSVD_MBO) ||
	    FIELD_GET(SNP_POLICY_MASK_API_MAJOR, data->policy) > 1)
		return SEV_RET_POLICY_FAILURE;
	context->policy = data->policy;
	context->state = SNPSIM_LAUNCH;
	return 0;
}

/*
 * The table of CPUID values that a guest may rely on.  The real firmware knows the CPU; this one
 * knows its C-bit, and puts a wrong one right.
 */
static int check_cpuid(struct snp_cpuid_table *table)
{
	int r = 0;
	u32 i;

	if (table->count > SNP_CPUID_COUNT_MAX)
		return SEV_RET_INVALID_PARAM;
	for (i = 0; i < table->count; i++) {
		struct snp_cpuid_fn *fn = &table->fn[i];

		if (fn->eax_in != 0x8000001f || (fn->ebx & GENMASK(5, 0)) == SNPSIM_C_BIT)
			continue;
		fn->ebx = (fn->ebx & ~GENMASK(5, 0)) | SNPSIM_C_BIT;
		r = SEV_RET_INVALID_PARAM;
	}
	return r;
}

static int fill_page(u32 type, void *page)
{
	switch (type) {
	case SNP_PAGE_TYPE_NORMAL:
	case SNP_PAGE_TYPE_UNMEASURED:
	case SNP_PAGE_TYPE_VMSA:
		return 0;
	case SNP_PAGE_TYPE_ZERO:
		memset(page, 0, PAGE_SIZE);
		return 0;
	case SNP_PAGE_TYPE_SECRET:
		memset(page, 0, PAGE_SIZE);
		*(u32 *)page = 3;	/* struct snp_secrets_page: version */
		return 0;
	case SNP_PAGE_TYPE_CPUID:
		return check_cpuid(page);
	default:
		return SEV_RET_INVALID_PARAM;
	}
}

int snpsim_launch_update(struct sev_data_snp_launch_update *data)
{
	struct snpsim_context *context = snpsim_context_of(data->gctx_paddr);
	u64 *entry = snpsim_rmp_entry(PHYS_PFN(data->address));
	u64 state;
	int r;

	if (!context)
		return SEV_RET_INVALID_GUEST;
	if (context->state != SNPSIM_LAUNCH)
		return SEV_RET_INVALID_GUEST_STATE;
	if (!context->asid)
		return SEV_RET_INACTIVE;
	if (!entry || !PAGE_ALIGNED(data->address))
		return SEV_RET_INVALID_ADDRESS;
	if (data->page_size)
		return SEV_RET_INVALID_PAGE_SIZE;
	state = READ_ONCE(*entry);
	if ((state & (RMP_ASSIGNED | RMP_IMMUTABLE | RMP_VALIDATED)) !=
	    (RMP_ASSIGNED | RMP_IMMUTABLE))
		return SEV_RET_INVALID_PAGE_STATE;
	if (FIELD_GET(RMP_ASID, state) != context->asid)
		return SEV_RET_INVALID_PAGE_OWNER;
	r = fill_page(data->page_type, snpsim_window(data->address));
	if (r)
		return r;
	state = (state & ~RMP_IMMUTABLE) | RMP_VALIDATED;
	WRITE_ONCE(*entry, state | (data->page_type == SNP_PAGE_TYPE_VMSA ? RMP_VMSA : 0));
	context->pages++;
	return 0;
}

int snpsim_launch_finish(struct sev_data_snp_launch_finish *data)
{
	struct snpsim_context *context = snpsim_context_of(data->gctx_paddr);

	if (!context)
		return SEV_RET_INVALID_GUEST;
	if (context->state != SNPSIM_LAUNCH)
		return SEV_RET_INVALID_GUEST_STATE;
	/* Nobody signs for this machine. */
	if (data->id_block_en)
		return SEV_RET_BAD_SIGNATURE;
	context->state = SNPSIM_RUNNING;
	return 0;
}
