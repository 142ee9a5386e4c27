// SPDX-License-Identifier: GPL-2.0-only
// mutant: event-no-kick
// fault: an event that was delivered to vcpu_info does not wake its vCPU
// expect: LOST_WRITE
// killed-by: pfncache_poll_test:event/poll-wakeup
// killed-by: pfncache_poll_test:event/poll-migrate
// file: arch/x86/kvm/xen.c
//
// Not equivalent: a vCPU that has gone to sleep in a poll looks again only when it is woken.

@@
expression vcpu;
@@
kvm_xen_set_evtchn_fast(...) {
<...
- kvm_make_request(KVM_REQ_UNBLOCK, vcpu);
- kvm_vcpu_kick(vcpu);
...>
}
