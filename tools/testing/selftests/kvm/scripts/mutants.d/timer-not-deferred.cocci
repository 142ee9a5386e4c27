// SPDX-License-Identifier: GPL-2.0-only
// mutant: timer-not-deferred
// fault: a Xen timer that finds its cache invalid is not left to the vCPU, but forgotten
// expect: LOST_WRITE
// killed-by: pfncache_timer_test:timer/*
// file: arch/x86/kvm/xen.c
//
// Not equivalent: the interrupt cannot refresh, so nobody sets the bit unless the vCPU does.

@@
expression rc;
@@
xen_timer_callback(...) {
<...
- if (rc != -EWOULDBLOCK)
+ if (rc != 0x7fffffff)
{ ... }
...>
}
