// SPDX-License-Identifier: GPL-2.0-only
// mutant: large-never
// fault: faults map pages of 4 KiB alone
// expect: ABI
// killed-by: page_size_test:page-size/huge
// file: arch/x86/kvm/mmu/mmu.c

@@
identifier max_level, fault;
@@
kvm_mmu_max_mapping_level(...)
{
<...
- max_level = fault->max_level;
+ max_level = PG_LEVEL_4K;
...>
}
