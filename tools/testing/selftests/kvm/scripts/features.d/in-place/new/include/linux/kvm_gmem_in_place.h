/* SPDX-License-Identifier: GPL-2.0-only */
/* Who says whether a page is private: the VM, or the guest_memfd that the page is in? */
#ifndef KVM_GMEM_IN_PLACE_H
#define KVM_GMEM_IN_PLACE_H

#include <linux/kvm_types.h>

struct kvm;

#ifdef CONFIG_KVM_VM_MEMORY_ATTRIBUTES
extern bool gmem_in_place_conversion;
#else
#define gmem_in_place_conversion true
#endif

bool kvm_gmem_gfn_is_private(struct kvm *kvm, gfn_t gfn);

#endif /* KVM_GMEM_IN_PLACE_H */
