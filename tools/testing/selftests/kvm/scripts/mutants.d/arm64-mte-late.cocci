// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-mte-late
// fault: MTE can be enabled while memslots with guest_memfd exist
// expect: ABI
// killed-by: gmem_arm64_test:arm64/mte-second
// file: arch/arm64/kvm/arm.c
//
// Not equivalent: the call succeeds.

@@
expression slot;
@@
kvm_vm_ioctl_enable_cap(...) {
<...
 if (
- kvm_slot_has_gmem(slot)
+ !slot
 ) { ... }
...>
}
