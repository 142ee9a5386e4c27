// SPDX-License-Identifier: GPL-2.0-only
// mutant: event-no-shadow
// fault: an event that finds no vcpu_info is not remembered
// expect: LOST_WRITE
// killed-by: pfncache_event_test:event/*
// file: arch/x86/kvm/xen.c
//
// Not equivalent: the bit in the kernel is all that tells the vCPU to write to its vcpu_info when it can.

@@
expression bit, vcpu;
@@
kvm_xen_set_evtchn_fast(...) {
<...
- test_and_set_bit(bit, &vcpu->arch.xen.evtchn_pending_sel)
+ (0 & bit)
...>
}
