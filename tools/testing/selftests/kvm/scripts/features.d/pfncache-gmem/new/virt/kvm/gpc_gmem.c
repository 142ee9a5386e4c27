// SPDX-License-Identifier: GPL-2.0-only
/*
 * A cache by guest address whose memslot the guest has from a guest_memfd takes the page from
 * there.  It is let go as if the page's userspace address had been invalidated: caches by that
 * address are hit as well, whether or not anything is mapped there.
 *
 * An invalidation counts in mn_active_invalidate_count, like one of the MMU notifier: a refresh
 * that meets it starts again, and memslots do not change meanwhile.
 */
#include <linux/kvm_host.h>
#include <linux/rcuwait.h>
#include "gpc_gmem.h"
#include "kvm_mm.h"

/* The same question as for a guest's fault. */
static bool from_gmem(struct gfn_to_pfn_cache *gpc)
{
	struct kvm_memory_slot *slot = gpc->memslot;

	if (kvm_is_error_gpa(gpc->gpa) || !kvm_slot_has_gmem(slot))
		return false;
	return kvm_memslot_is_gmem_only(slot) ||
	       kvm_mem_is_private(gpc->kvm, gpa_to_gfn(gpc->gpa));
}

kvm_pfn_t gpc_gmem_resolve(struct gfn_to_pfn_cache *gpc, struct kvm_follow_pfn *kfp)
{
	kvm_pfn_t pfn;

	if (!from_gmem(gpc))
		return hva_to_pfn(kfp);
	*kfp->refcounted_page = NULL;
	if (kvm_gmem_get_pfn(gpc->kvm, gpc->memslot, gpa_to_gfn(gpc->gpa), &pfn,
			     kfp->refcounted_page, NULL))
		return KVM_PFN_ERR_FAULT;
	return pfn;
}

static void begin(struct kvm *kvm)
{
	spin_lock(&kvm->mn_invalidate_lock);
	kvm->mn_active_invalidate_count++;
	spin_unlock(&kvm->mn_invalidate_lock);
}

static void invalidate_slot(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t start,
			    gfn_t end)
{
	const unsigned long base = slot->userspace_addr;

	gfn_to_pfn_cache_invalidate_start(kvm,
					  base + ((start - slot->base_gfn) << PAGE_SHIFT),
					  base + ((end - slot->base_gfn) << PAGE_SHIFT));
}

/* Pages [start, end) of a file whose memslots are in @bindings; the caller keeps them stable. */
void gpc_gmem_invalidate_begin(struct kvm *kvm, struct xarray *bindings, pgoff_t start,
			       pgoff_t end)
{
	struct kvm_memory_slot *slot;
	unsigned long index;

	begin(kvm);
	xa_for_each_range(bindings, index, slot, start, end - 1) {
		const pgoff_t pgoff = slot->gmem.pgoff;

		invalidate_slot(kvm, slot, slot->base_gfn + max(pgoff, start) - pgoff,
				slot->base_gfn + min(pgoff + slot->npages, end) - pgoff);
	}
}

/* All memslots with a guest_memfd; the caller holds slots_lock. */
void gpc_gmem_invalidate_begin_gfns(struct kvm *kvm, gfn_t start, gfn_t end)
{
	struct kvm_memslot_iter iter;
	int i;

	begin(kvm);
	for (i = 0; i < kvm_arch_nr_memslot_as_ids(kvm); i++) {
		kvm_for_each_memslot_in_gfn_range(&iter, __kvm_memslots(kvm, i), start, end) {
			struct kvm_memory_slot *slot = iter.slot;

			if (kvm_slot_has_gmem(slot))
				invalidate_slot(kvm, slot, max(start, slot->base_gfn),
						min(end, slot->base_gfn + slot->npages));
		}
	}
}

void gpc_gmem_invalidate_end(struct kvm *kvm)
{
	bool wake;

	spin_lock(&kvm->mn_invalidate_lock);
	kvm->gpc_invalidate_seq++;
	/* Pairs with the smp_rmb() of mmu_notifier_retry_cache(). */
	smp_wmb();
	wake = !--kvm->mn_active_invalidate_count;
	spin_unlock(&kvm->mn_invalidate_lock);
	if (wake)
		rcuwait_wake_up(&kvm->mn_memslots_update_rcuwait);
}
