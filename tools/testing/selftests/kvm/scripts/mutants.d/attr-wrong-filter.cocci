// SPDX-License-Identifier: GPL-2.0-only
// mutant: attr-wrong-filter
// fault: a conversion zaps the mappings of the new side instead of those of the old one
// expect: STALE_MAPPING
// killed-by: gmem_stale_test:stale/convert-*
// file: arch/x86/kvm/mmu/mmu.c
// needs: tdx
//
// Not equivalent where private and shared SPTEs live in different roots, which is TDX alone; see
// invalidate-wrong-filter.

@@
expression filter;
@@
kvm_arch_pre_set_memory_attributes(...) {
<...
(
- filter = KVM_FILTER_SHARED;
+ filter = KVM_FILTER_PRIVATE;
|
- filter = KVM_FILTER_PRIVATE;
+ filter = KVM_FILTER_SHARED;
)
...>
}
