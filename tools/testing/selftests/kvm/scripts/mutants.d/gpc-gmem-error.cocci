// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-error
// fault: a page that the hardware has lost is let go by nobody
// expect: STALE_MAPPING
// killed-by: pfncache_gmem_test:pfncache-gmem/lost
// file: virt/kvm/guest_memfd.c
// feature: pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: KVM goes on to write to the page.

@@
identifier error =~ "^kvm_gmem_error_folio$";
identifier start =~ "^kvm_gmem_invalidate_(start|begin)$";
identifier finish =~ "^kvm_gmem_invalidate_end$";
expression owner, first, last;
@@
error(...) {
<...
(
- start(owner, first, last);
+ (void)first, (void)last;
|
- finish(owner, first, last);
+ (void)first, (void)last;
)
...>
}
