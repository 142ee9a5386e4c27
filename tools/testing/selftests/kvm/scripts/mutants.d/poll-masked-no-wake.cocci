// SPDX-License-Identifier: GPL-2.0-only
// mutant: poll-masked-no-wake
// fault: an event of a masked port does not wake the vCPU that polls for it
// expect: LOST_WRITE
// killed-by: pfncache_poll_test:event/poll-masked
// file: arch/x86/kvm/xen.c
//
// Not equivalent: for a masked port nothing else is done, so a poll that sleeps already goes on sleeping.

@@
expression vcpu, port;
@@
kvm_xen_set_evtchn_fast(...) {
<...
- kvm_xen_check_poller(vcpu, port);
...>
}
