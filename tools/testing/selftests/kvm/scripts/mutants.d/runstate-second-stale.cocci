// SPDX-License-Identifier: GPL-2.0-only
// mutant: runstate-second-stale
// fault: the second page of a runstate area is written without asking whether its cache is valid
// expect: STALE_MAPPING, LOST_WRITE, KERNEL
// killed-by: pfncache_race_test:pfncache/*
// file: arch/x86/kvm/xen.c
//
// Not equivalent: the first page may be there and the second one not; each has a cache of its own.

@@
identifier gpc = gpc2;
expression len;
@@
kvm_xen_update_runstate_guest(...) {
<...
- !kvm_gpc_check(gpc, len)
+ !gpc->khva
...>
}
