// SPDX-License-Identifier: GPL-2.0-only
// mutant: event-no-resend
// fault: an event that found shared_info out of date is not sent after the refresh
// expect: LOST_WRITE
// killed-by: pfncache_event_test:event/*
// killed-by: pfncache_race_test:pfncache/*
// file: arch/x86/kvm/xen.c
//
// Not equivalent: the caller gets 0 for an event whose bit nobody has set.

@@
expression gpc, len;
@@
kvm_xen_set_evtchn(...) {
<...
- kvm_gpc_refresh(gpc, len)
+ (kvm_gpc_refresh(gpc, len) ?: 1)
...>
}
