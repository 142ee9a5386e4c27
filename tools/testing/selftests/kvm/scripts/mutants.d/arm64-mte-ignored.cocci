// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-mte-ignored
// fault: a VM with MTE takes memslots with guest_memfd
// expect: ABI
// killed-by: gmem_arm64_test:arm64/mte-*
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: the call succeeds.

@@
expression slot, kvm;
@@
kvm_arch_prepare_memory_region(...) {
<...
 if (
- kvm_slot_has_gmem(slot) && kvm_has_mte(kvm)
+ false
 ) return -EINVAL;
...>
}
