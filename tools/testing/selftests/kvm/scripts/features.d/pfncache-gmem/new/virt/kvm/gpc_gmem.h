/* SPDX-License-Identifier: GPL-2.0-only */
/* pfncaches and guest_memfd: where a cache's page is, and when it has to be let go. */
#ifndef GPC_GMEM_H
#define GPC_GMEM_H

#include <linux/kvm_host.h>

struct kvm_follow_pfn;

kvm_pfn_t gpc_gmem_resolve(struct gfn_to_pfn_cache *gpc, struct kvm_follow_pfn *kfp);
void gpc_gmem_invalidate_begin(struct kvm *kvm, struct xarray *bindings, pgoff_t start,
			       pgoff_t end);
void gpc_gmem_invalidate_begin_gfns(struct kvm *kvm, gfn_t start, gfn_t end);
void gpc_gmem_invalidate_end(struct kvm *kvm);

#endif /* GPC_GMEM_H */
