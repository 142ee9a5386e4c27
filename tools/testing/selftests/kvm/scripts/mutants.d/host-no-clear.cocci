// SPDX-License-Identifier: GPL-2.0-only
// mutant: host-no-clear
// fault: a page that the host touches first through its mapping is marked up to date without being cleared
// expect: NOT_SCRUBBED, LEAK, STALE_MAPPING
// killed-by: gmem_scrub_test:scrub/*-host
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: see guest-no-clear; the host's fault handler clears on its own and the vm_fault core does
// not look at the page.

@@
identifier fault =~ "^kvm_gmem_fault(_user_mapping)?$";
expression page;
@@
fault(...) {
<...
- clear_highpage(page);
+ (void)page;
...>
}
