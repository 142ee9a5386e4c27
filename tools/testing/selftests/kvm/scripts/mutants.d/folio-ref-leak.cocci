// SPDX-License-Identifier: GPL-2.0-only
// mutant: folio-ref-leak
// fault: fallocate keeps a reference to every page it allocates
// expect: ACCOUNTING
// killed-by: gmem_account_test:account/punch
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: truncation takes the folio out of the page cache whatever its reference count, and the last
// reference is never dropped: the page is lost until reboot. Contents and mappings are all right.

@@
expression folio;
@@
kvm_gmem_allocate(...) {
<...
- folio_put(folio);
...>
}
