// SPDX-License-Identifier: GPL-2.0-only
// mutant: punch-end-early
// fault: the invalidation of a punch ends before the pages leave the page cache
// expect: STALE_MAPPING, WRONG_PAGE
// killed-by: gmem_stale_test:stale/*punch*
// killed-by: gmem_stress:stress/*
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: kvm_gmem_get_pfn() takes no invalidate lock, so a vCPU that faults between the end of the
// invalidation and the truncation maps the old folio, and keeps it after it was freed. A race: its window is
// the truncation, which is the longer the more pages are punched. The other pages are faulted in again meanwhile, and
// one of them may get the freed folio before anybody looks: then two gfns share it.

@@
identifier punch =~ "^kvm_gmem_punch_hole$";
expression owner, first, last;
statement truncate;
@@
punch(...) {
...
kvm_gmem_invalidate_start(owner, first, last);
+ kvm_gmem_invalidate_end(owner, first, last);
truncate
- kvm_gmem_invalidate_end(owner, first, last);
...
}
