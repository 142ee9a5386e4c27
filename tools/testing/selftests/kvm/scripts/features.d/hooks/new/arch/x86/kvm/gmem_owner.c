// SPDX-License-Identifier: GPL-2.0-only
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/moduleparam.h>
#include <linux/xarray.h>
#include "gmem_owner.h"

/* By pfn: the VM.  A VM outlives its guest_memfds, and these their pages. */
static DEFINE_XARRAY(owners);

/* Do as platforms do that encrypt: what was there cannot be read on the other side. */
static bool __read_mostly gmem_conversion_destroys;
module_param(gmem_conversion_destroys, bool, 0444);

static void scramble(kvm_pfn_t pfn)
{
	u64 *words = kmap_local_pfn(pfn);
	unsigned int i, count = PAGE_SIZE / sizeof(*words);

	/* A page that nobody has written to stays zero. */
	if (!memchr_inv(words, 0, PAGE_SIZE))
		count = 0;
	for (i = 0; i < count; i++)
		words[i] ^= 0x9e3779b97f4a7c15ull * (pfn + i + 1);
	kunmap_local(words);
}

/* The guest is given the page, for the first time or again. */
int gmem_owner_assign(struct kvm *kvm, kvm_pfn_t pfn, kvm_pfn_t nr_pages)
{
	void *owner;

	for (; nr_pages; pfn++, nr_pages--) {
		owner = xa_load(&owners, pfn);
		if (owner == kvm)
			continue;
		if (WARN_ONCE(owner, "gmem_owner: pfn %llx is assigned to another VM", pfn))
			return -EFAULT;
		if (xa_err(xa_store(&owners, pfn, kvm, GFP_KERNEL_ACCOUNT)))
			return -ENOMEM;
		if (gmem_conversion_destroys)
			scramble(pfn);
	}
	return 0;
}

/* A conversion: the page goes on to exist, and its contents with it unless they are destroyed. */
void gmem_owner_make_shared(kvm_pfn_t pfn, kvm_pfn_t nr_pages)
{
	for (; nr_pages; pfn++, nr_pages--)
		if (xa_erase(&owners, pfn) && gmem_conversion_destroys)
			scramble(pfn);
}

/* The page is free from now on: nobody owns it, and nothing is left in it. */
void gmem_owner_reclaim(kvm_pfn_t pfn, kvm_pfn_t nr_pages)
{
	for (; nr_pages; pfn++, nr_pages--) {
		xa_erase(&owners, pfn);
		clear_highpage(pfn_to_page(pfn));
	}
}

/* The host is about to map the page. */
void gmem_owner_check_host(kvm_pfn_t pfn)
{
	WARN_ONCE(xa_load(&owners, pfn), "gmem_owner: pfn %llx is private, and the host maps it",
		  pfn);
}
