// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-hole
// fault: a hole that was touched hides the memslot that comes back there
// expect: PERMISSION
// killed-by: gmem_convert_test:convert/slot
// file: arch/x86/kvm/mmu/mmu.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: docs/findings.md, 3, without any conversion; so in the code as merged for 7.4.

@@
@@
kvm_mmu_page_fault(...) {
<...
- gmem_in_place_faults & GMEM_FAULT_HOLE
+ true
...>
}
