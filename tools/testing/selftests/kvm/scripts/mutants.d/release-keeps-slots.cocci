// SPDX-License-Identifier: GPL-2.0-only
// mutant: release-keeps-slots
// fault: memslots of a file that is gone go on pointing to it
// expect: KERNEL
// killed-by: gmem_teardown_test:teardown/exit-punch-private
// needs: debug-kernel
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: deletion of the memslot removes its binding from the file. Without KASAN nobody sees where.

@@
expression slot;
@@
kvm_gmem_release(...)
{
<...
- WRITE_ONCE(slot->gmem.file, NULL);
+ (void)slot;
...>
}
