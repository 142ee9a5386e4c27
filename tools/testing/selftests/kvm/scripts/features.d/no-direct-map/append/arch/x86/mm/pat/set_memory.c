
/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/kvm_types.h>
#include <linux/no_direct_map.h>
EXPORT_SYMBOL_FOR_KVM(set_direct_map_invalid_noflush);
EXPORT_SYMBOL_FOR_KVM(set_direct_map_default_noflush);

/* flush_tlb_kernel_range() is not for modules. */
void direct_map_flush(struct page *page)
{
	unsigned long address = (unsigned long)page_address(page);

	flush_tlb_kernel_range(address, address + PAGE_SIZE);
}
EXPORT_SYMBOL_FOR_KVM(direct_map_flush);
