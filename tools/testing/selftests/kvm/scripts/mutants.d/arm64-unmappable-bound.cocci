// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-unmappable-bound
// fault: a guest_memfd that the host cannot map is accepted for a memslot
// expect: ABI
// killed-by: gmem_arm64_test:arm64/unmappable
// file: arch/arm64/kvm/mmu.c
//
// Not equivalent: the call succeeds.

@@
expression slot;
@@
kvm_arch_prepare_memory_region(...) {
<...
 if (
- kvm_slot_has_gmem(slot) && !kvm_memslot_is_gmem_only(slot)
+ false
 ) return -EINVAL;
...>
}
