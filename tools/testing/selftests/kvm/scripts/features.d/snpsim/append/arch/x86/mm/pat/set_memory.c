
/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/kvm_types.h>
#include <linux/snpsim_direct_map.h>

/* These are not for modules: the model of SNP, in kvm-amd, takes assigned pages out. */
int snpsim_direct_map(struct page *page, bool present)
{
	unsigned long address = (unsigned long)page_address(page);
	int r;

	if (present)
		return set_direct_map_default_noflush(page);
	r = set_direct_map_invalid_noflush(page);
	flush_tlb_kernel_range(address, address + PAGE_SIZE);
	return r;
}
EXPORT_SYMBOL_FOR_KVM(snpsim_direct_map);

#ifndef CONFIG_AMD_IOMMU
#include <asm/iommu.h>
bool amd_iommu_snp_en;	/* the real SNP's start asks for it; this machine has none to start */
#endif
