// SPDX-License-Identifier: GPL-2.0-only
// mutant: fault-no-private-check
// fault: a fault does not check again, under the sequence count, whether the page is private
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, KERNEL
// killed-by: gmem_race_test:race/private/guest-*+to-*
// killed-by: gmem_stress:stress/private
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: private or shared was decided when the fault came, before the sequence count was read; a
// change of attributes in between goes unnoticed.

@@
expression fault, kvm;
@@
kvm_mmu_faultin_pfn(...) {
<...
- if (fault->is_private != kvm_mem_is_private(kvm, fault->gfn)) { ... }
...>
}
