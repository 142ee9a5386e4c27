// SPDX-License-Identifier: GPL-2.0-only
// mutant: small-mapped-large
// fault: memory in small pages is mapped by pages of 2 MiB
// expect: ABI
// killed-by: page_size_test:page-size/small
// file: arch/x86/kvm/mmu/mmu.c

@@
identifier host_level;
expression kvm, gfn, slot;
@@
kvm_mmu_max_mapping_level(...)
{
<...
- host_level = host_pfn_mapping_level(kvm, gfn, slot);
+ host_level = PG_LEVEL_2M;
...>
}
