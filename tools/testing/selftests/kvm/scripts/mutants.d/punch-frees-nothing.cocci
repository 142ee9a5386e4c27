// SPDX-License-Identifier: GPL-2.0-only
// mutant: punch-frees-nothing
// fault: a punch zaps the mappings and reports success, but keeps the pages and their contents
// expect: NOT_SCRUBBED, STALE_MAPPING, ACCOUNTING
// killed-by: gmem_scrub_test:scrub/punch-*
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: the next fault finds the old folio, up to date, in the page cache and maps it as it is.

@@
identifier punch =~ "^kvm_gmem_punch_hole$";
@@
punch(...) {
<...
- truncate_inode_pages_range(...);
...>
}
