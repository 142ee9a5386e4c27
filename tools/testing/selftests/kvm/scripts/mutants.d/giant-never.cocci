// SPDX-License-Identifier: GPL-2.0-only
// mutant: giant-never
// fault: faults map pages of 2 MiB at most
// expect: ABI
// killed-by: giant_page_test:giant-page/map
// file: arch/x86/kvm/mmu/mmu.c
// param: hugepagesz=1G, hugepages=1
// memory: 6G

@@
identifier max_level, fault;
@@
kvm_mmu_max_mapping_level(...)
{
<...
- max_level = fault->max_level;
+ max_level = min_t(int, fault->max_level, PG_LEVEL_2M);
...>
}
