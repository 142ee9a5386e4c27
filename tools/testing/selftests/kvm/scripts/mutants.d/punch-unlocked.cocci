// SPDX-License-Identifier: GPL-2.0-only
// mutant: punch-unlocked
// fault: punching does not keep memslots from being bound and unbound meanwhile
// expect: KERNEL, HANG, ABI
// killed-by: gmem_race_test:race/*/punch+slot-*
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: an invalidation ends without having begun if a memslot comes in between, which KVM takes for
// a bug and kills the VM, or never ends if it goes: then faults are retried for ever.

@@
expression mapping;
@@
kvm_gmem_punch_hole(...) {
<...
(
- filemap_invalidate_lock(mapping);
|
- filemap_invalidate_unlock(mapping);
)
...>
}
