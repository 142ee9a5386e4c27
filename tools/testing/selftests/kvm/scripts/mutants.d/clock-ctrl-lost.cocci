// SPDX-License-Identifier: GPL-2.0-only
// mutant: clock-ctrl-lost
// fault: KVM_KVMCLOCK_CTRL is forgotten when the clock is written
// expect: LOST_WRITE
// killed-by: pfncache_race_test:pfncache/*
// killed-by: pfncache_clock_test:clock/stopped
// file: arch/x86/kvm/x86.c
//
// Not equivalent: the guest's watchdogs take the pause for a lockup.

@@
expression clock;
@@
kvm_guest_time_update(...) {
<...
- clock.flags |= PVCLOCK_GUEST_STOPPED;
...>
}
