// SPDX-License-Identifier: GPL-2.0-only
// mutant: poll-stale
// fault: SCHEDOP_poll looks at shared_info without asking whether the cache is valid
// expect: LOST_WRITE
// killed-by: pfncache_poll_test:event/poll-replaced
// file: arch/x86/kvm/xen.c
//
// Not equivalent: the page may be gone, and a poll of an event that is pending in the new one sleeps for ever.

@@
expression gpc, len;
@@
wait_pending_event(...) {
<...
- !kvm_gpc_check(gpc, len)
+ !gpc->khva
...>
}
