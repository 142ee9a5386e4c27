// SPDX-License-Identifier: GPL-2.0-only
// mutant: poison-given
// fault: KVM gives the guest a page that the hardware has lost
// expect: PERMISSION, KERNEL
// killed-by: gmem_poison_test:poison/shared
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: the guest reads what the machine says is not there any more.

@@
@@
__kvm_gmem_get_pfn(...) {
<...
- if (folio_test_hwpoison(folio)) { ... }
...>
}
