// SPDX-License-Identifier: GPL-2.0-only
// mutant: runstate-no-flag
// fault: the runstate area is written without its update flag
// expect: LOST_WRITE
// killed-by: pfncache_torn_test:torn/runstate
// file: arch/x86/kvm/xen.c
//
// Not equivalent: a guest that asked for the flag relies on it when it reads another vCPU's times.

@@
identifier bit, time;
@@
kvm_xen_update_runstate_guest(...) {
<...
  if (bit) {
-	time |= XEN_RUNSTATE_UPDATE;
	...
  }
...>
}
