// SPDX-License-Identifier: GPL-2.0-only
// mutant: emulated-read-short
// fault: the last byte of what the emulator reads is not that of the page
// expect: WRONG_PAGE
// killed-by: gmem_emulated_test:emulated/from-anonymous
// file: virt/kvm/kvm_main.c

@@
expression r, addr, offset, data, len;
@@
__kvm_read_guest_page(...)
{
<...
- r = __copy_from_user(data, addr + offset, len);
+ r = __copy_from_user(data, addr + offset, len - 1);
...>
}
