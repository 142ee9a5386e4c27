// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands that KVM gives to the secure processor, as a state machine with the firmware's
 * errors (SEV-SNP Firmware ABI).  Nothing is encrypted, measured or signed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/mm.h>
#include "snpsim.h"

#define CONTEXT_MAGIC	0x74786574636e7370ull

static DEFINE_MUTEX(firmware_lock);
static DECLARE_BITMAP(asid_owned, SNPSIM_ASIDS + 1);
static DECLARE_BITMAP(asid_dirty, SNPSIM_ASIDS + 1);	/* used since the last DF_FLUSH */
static unsigned int guests;

/* A page of the firmware's: assigned, and to no guest. */
static bool is_firmware_page(u64 paddr)
{
	const u64 *entry = snpsim_rmp_entry(PHYS_PFN(paddr));

	return entry && PAGE_ALIGNED(paddr) && (*entry & RMP_ASSIGNED) && !(*entry & RMP_ASID);
}

struct snpsim_context *snpsim_context_of(u64 paddr)
{
	struct snpsim_context *context = snpsim_window(paddr);

	return is_firmware_page(paddr) && context->magic == CONTEXT_MAGIC ? context : NULL;
}

static int platform_status(struct sev_data_snp_addr *data)
{
	struct sev_user_data_snp_status *status = snpsim_window(data->address);

	if (!is_firmware_page(data->address))
		return SEV_RET_INVALID_PAGE_STATE;
	memset(status, 0, sizeof(*status));
	status->api_major = 1;
	status->api_minor = 55;
	status->state = 1;
	status->is_rmp_initialized = 1;
	status->guest_count = guests;
	return 0;
}

static int context_create(struct sev_data_snp_addr *data)
{
	struct snpsim_context *context = snpsim_window(data->address);

	if (!is_firmware_page(data->address))
		return SEV_RET_INVALID_PAGE_STATE;
	*context = (struct snpsim_context){ .magic = CONTEXT_MAGIC, .state = SNPSIM_INIT };
	guests++;
	return 0;
}

static int activate(struct sev_data_snp_activate *data)
{
	struct snpsim_context *context = snpsim_context_of(data->gctx_paddr);

	if (!context)
		return SEV_RET_INVALID_GUEST;
	if (!data->asid || data->asid >= SNPSIM_SEV_ASID_MIN)
		return SEV_RET_INVALID_ASID;
	if (context->asid)
		return SEV_RET_ACTIVE;
	if (test_bit(data->asid, asid_owned))
		return SEV_RET_ASID_OWNED;
	if (test_bit(data->asid, asid_dirty))
		return SEV_RET_DFFLUSH_REQUIRED;
	__set_bit(data->asid, asid_owned);
	context->asid = data->asid;
	return 0;
}

/*
 * Its pages may still be assigned: a guest_memfd lets them go after its last file has closed, which
 * is what ends the VM (kvm_gmem_release()).
 */
static int decommission(struct sev_data_snp_addr *data)
{
	struct snpsim_context *context = snpsim_context_of(data->address);

	if (!context)
		return SEV_RET_INVALID_GUEST;
	if (context->asid) {
		__clear_bit(context->asid, asid_owned);
		__set_bit(context->asid, asid_dirty);
	}
	context->magic = 0;
	guests--;
	return 0;
}

/* Out of a state that RMPUPDATE does not end: a page that a command failed on, or wrote to. */
static int page_reclaim(struct sev_data_snp_page_reclaim *data)
{
	u64 *entry = snpsim_rmp_entry(PHYS_PFN(data->paddr)), state;

	if (!entry || !PAGE_ALIGNED(data->paddr))
		return SEV_RET_INVALID_ADDRESS;
	state = READ_ONCE(*entry);
	if (!(state & RMP_IMMUTABLE))
		return state & RMP_VALIDATED ? SEV_RET_INVALID_PAGE_STATE : 0;
	WRITE_ONCE(*entry, state & ~RMP_IMMUTABLE);
	return 0;
}

static int debug_decrypt(struct sev_data_snp_dbg *data)
{
	struct snpsim_context *context = snpsim_context_of(data->gctx_paddr);

	if (!context)
		return SEV_RET_INVALID_GUEST;
	if (!(context->policy & SNP_POLICY_MASK_DEBUG))
		return SEV_RET_POLICY_FAILURE;
	if (!is_firmware_page(data->dst_addr))
		return SEV_RET_INVALID_PAGE_STATE;
	memcpy(snpsim_window(data->dst_addr), snpsim_window(data->src_addr), PAGE_SIZE);
	return 0;
}

/* The answer to a message is the message, of the answer's type. */
static int guest_request(struct sev_data_snp_guest_request *data)
{
	struct snpsim_context *context = snpsim_context_of(data->gctx_paddr);
	struct snp_guest_msg_hdr *answer = snpsim_window(data->res_paddr);

	if (!context)
		return SEV_RET_INVALID_GUEST;
	if (context->state != SNPSIM_RUNNING)
		return SEV_RET_INVALID_GUEST_STATE;
	if (!is_firmware_page(data->res_paddr))
		return SEV_RET_INVALID_PAGE_STATE;
	memcpy(answer, snpsim_window(data->req_paddr), PAGE_SIZE);
	if (!answer->msg_type)
		return SEV_RET_INVALID_PARAM;
	answer->msg_type++;
	answer->msg_seqno++;
	return 0;
}

static int command(int cmd, void *data)
{
	switch (cmd) {
	case SEV_CMD_SNP_PLATFORM_STATUS:
		return platform_status(data);
	case SEV_CMD_SNP_GCTX_CREATE:
		return context_create(data);
	case SEV_CMD_SNP_LAUNCH_START:
		return snpsim_launch_start(data);
	case SEV_CMD_SNP_ACTIVATE:
		return activate(data);
	case SEV_CMD_SNP_LAUNCH_UPDATE:
		return snpsim_launch_update(data);
	case SEV_CMD_SNP_LAUNCH_FINISH:
		return snpsim_launch_finish(data);
	case SEV_CMD_SNP_DECOMMISSION:
		return decommission(data);
	case SEV_CMD_SNP_PAGE_RECLAIM:
		return page_reclaim(data);
	case SEV_CMD_SNP_DF_FLUSH:
		bitmap_zero(asid_dirty, SNPSIM_ASIDS + 1);
		return 0;
	case SEV_CMD_SNP_DBG_DECRYPT:
		return debug_decrypt(data);
	case SEV_CMD_SNP_GUEST_REQUEST:
		return guest_request(data);
	default:
		return SEV_RET_INVALID_COMMAND;
	}
}

int snpsim_do_cmd(int cmd, void *data, int *error)
{
	int r;

	mutex_lock(&firmware_lock);
	r = command(cmd, data);
	mutex_unlock(&firmware_lock);
	if (error)
		*error = r;
	if (r)
		pr_debug("snpsim: command %#x: error %#x\n", cmd, r);
	return r ? -EIO : 0;
}

void *snpsim_alloc_firmware_page(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	if (!page)
		return NULL;
	if (snpsim_rmp_make_private(page_to_pfn(page), 0, PG_LEVEL_4K, 0, true)) {
		__free_page(page);
		return NULL;
	}
	return page_address(page);
}

void snpsim_free_firmware_page(void *address)
{
	struct sev_data_snp_page_reclaim data = { .paddr = __pa(address) };

	if (WARN_ON(snpsim_do_cmd(SEV_CMD_SNP_PAGE_RECLAIM, &data, NULL)) ||
	    WARN_ON(snpsim_rmp_make_shared(PHYS_PFN(data.paddr), PG_LEVEL_4K)))
		return;
	free_page((unsigned long)address);
}
