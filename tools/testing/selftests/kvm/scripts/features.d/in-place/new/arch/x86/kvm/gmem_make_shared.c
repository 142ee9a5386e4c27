// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm_host.h>
#include "../../../virt/kvm/gmem_convert.h"

void kvm_arch_gmem_make_shared(kvm_pfn_t pfn, kvm_pfn_t nr_pages)
{
	kvm_x86_call(gmem_make_shared)(pfn, nr_pages);
}
