// SPDX-License-Identifier: GPL-2.0-only
// mutant: pvclock-even
// fault: kvmclock's version stays even while its contents are written
// expect: LOST_WRITE
// killed-by: pfncache_torn_test:torn/*
// file: arch/x86/kvm/x86.c
//
// Not equivalent: another vCPU that reads meanwhile takes half of the old and half of the new for the time. A race of a
// reader with a window of some instructions.

@@
identifier clock, copy;
@@
kvm_setup_guest_pvclock(...) {
<...
(
- clock->version = copy.version = (clock->version + 1) | 1;
+ copy.version = clock->version & ~1u;
|
- clock->version = ++copy.version;
+ clock->version = copy.version + 2;
)
...>
}
