// SPDX-License-Identifier: GPL-2.0-only
// mutant: release-no-zap
// fault: closing a guest_memfd file leaves the guest mappings of its pages in place
// expect: STALE_MAPPING
// killed-by: gmem_stale_slot_test:stale/close-*
// killed-by: gmem_race_test:race/*/guest-*+file-close
// killed-by: gmem_stress:stress/private
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: the last close drops the inode and with it the pages; the slot lives on with gmem.file
// NULL, so slot deletion does zap, but only later: until then the guest writes to freed pages.

@@
identifier start =~ "^(__)?kvm_gmem_invalidate_(start|begin)$";
identifier finish =~ "^(__)?kvm_gmem_invalidate_end$";
@@
kvm_gmem_release(...) {
<...
(
- start(...);
|
- finish(...);
)
...>
}
