// SPDX-License-Identifier: GPL-2.0-only
// mutant: file-not-pinned
// fault: a fault uses the file of a memslot although its last reference may be gone
// expect: KERNEL, CRASH
// killed-by: gmem_race_test:race/*/guest-*+file-close
// killed-by: gmem_race_test:race/*/pre-fault+file-close
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: between the last fput() and kvm_gmem_release() the memslot still names the file.

@@
expression slot;
@@
kvm_gmem_get_file(...) {
<...
- return get_file_active(&slot->gmem.file);
+ return slot->gmem.file ? get_file(slot->gmem.file) : NULL;
...>
}
