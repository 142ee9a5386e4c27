// SPDX-License-Identifier: GPL-2.0-only
// mutant: clear-always
// fault: every fault clears the page, not only the first one
// expect: LOST_DATA
// killed-by: gmem_content_test:content/host-all
// file: virt/kvm/guest_memfd.c

@@
expression folio;
@@
- !folio_test_uptodate(folio)
+ true
