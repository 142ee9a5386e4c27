// SPDX-License-Identifier: GPL-2.0-only
// mutant: emulated-write-short
// fault: the last byte of what the emulator writes does not reach the page
// expect: WRONG_PAGE
// killed-by: gmem_emulated_test:emulated/to-anonymous
// file: virt/kvm/kvm_main.c

@@
expression r, addr, offset, data, len;
@@
__kvm_write_guest_page(...)
{
<...
- r = __copy_to_user(addr + offset, data, len);
+ r = __copy_to_user(addr + offset, data, len - 1);
...>
}
