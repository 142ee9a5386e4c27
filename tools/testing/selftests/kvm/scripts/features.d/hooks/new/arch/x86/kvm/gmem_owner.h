/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which software-protected VM a page is assigned to, if any.  What a platform's table of owners
 * would refuse is a WARN here: the order in which KVM makes a page private, shared and free is
 * what this table is for.
 */
#ifndef GMEM_OWNER_H
#define GMEM_OWNER_H

#include <linux/kvm_types.h>

struct kvm;

int gmem_owner_assign(struct kvm *kvm, kvm_pfn_t pfn, kvm_pfn_t nr_pages);
void gmem_owner_make_shared(kvm_pfn_t pfn, kvm_pfn_t nr_pages);
void gmem_owner_reclaim(kvm_pfn_t pfn, kvm_pfn_t nr_pages);
void gmem_owner_check_host(kvm_pfn_t pfn);

#endif /* GMEM_OWNER_H */
