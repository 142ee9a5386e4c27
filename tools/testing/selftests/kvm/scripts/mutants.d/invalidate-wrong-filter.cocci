// SPDX-License-Identifier: GPL-2.0-only
// mutant: invalidate-wrong-filter
// fault: guest_memfd invalidation zaps shared mappings of a private file, and private ones of a shared file
// expect: STALE_MAPPING
// killed-by: gmem_stale_test:stale/punch-*
// file: virt/kvm/guest_memfd.c
// needs: tdx
//
// Not equivalent where private and shared SPTEs live in different roots. Only TDX has that:
// kvm_gfn_range_filter_to_root_types() ignores the filter of a VM without mirrored roots, so on SVM, VMX and
// for software-protected VMs this mutant is equivalent and no suite could kill it.

@@
@@
kvm_gmem_get_invalidate_filter(...) {
<...
(
- return KVM_FILTER_SHARED;
+ return KVM_FILTER_PRIVATE;
|
- return KVM_FILTER_PRIVATE;
+ return KVM_FILTER_SHARED;
)
...>
}
