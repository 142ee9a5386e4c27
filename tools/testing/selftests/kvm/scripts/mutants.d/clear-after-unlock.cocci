// SPDX-License-Identifier: GPL-2.0-only
// mutant: clear-after-unlock
// fault: a page that the guest touches first is up to date before it is cleared
// expect: LOST_DATA, LOST_WRITE, NOT_SCRUBBED, LEAK, STALE_MAPPING, WRONG_PAGE
// killed-by: gmem_race_test:race/*/guest-*+guest-*
// killed-by: gmem_race_test:race/*/guest-*+pre-fault
// killed-by: gmem_race_test:race/shared/guest-*+host-write
// killed-by: gmem_stress:stress/private
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: whoever else faults for the page meanwhile uses it uncleared, and loses what it wrote.

@@
expression folio, page;
@@
kvm_gmem_get_pfn(...) {
+ bool fresh = false;
...
if (!folio_test_uptodate(folio)) {
- clear_highpage(page);
+ fresh = true;
folio_mark_uptodate(folio);
}
...
folio_unlock(folio);
+ if (fresh)
+ 	clear_highpage(page);
...
}
