// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-fault-unlocked
// fault: a fault of the host does not hold the lock that conversions hold
// expect: PERMISSION, STALE_MAPPING, ABI
// killed-by: gmem_race_test:race/in-place/host-write+to-private
// killed-by: gmem_stress:stress/in-place
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a fault that has seen the page shared maps it after the conversion has unmapped it and
// counted its references.

@@
@@
gmem_fault(...) {
<...
- filemap_invalidate_lock_shared(...);
+ ;
...
- filemap_invalidate_unlock_shared(...);
+ ;
...>
}
