// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-size-unaligned
// fault: a guest_memfd may have a size that is no multiple of the page size
// expect: ABI
// killed-by: gmem_api_test:api/create-size
// file: virt/kvm/guest_memfd.c

@@
expression size, unaligned;
@@
- size <= 0 || unaligned
+ size <= 0
