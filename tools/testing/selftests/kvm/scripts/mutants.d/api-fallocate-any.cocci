// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-fallocate-any
// fault: fallocate ignores modes of other file systems instead of refusing them
// expect: ABI
// killed-by: gmem_file_test:api/fallocate-mode
// file: virt/kvm/guest_memfd.c

@@
expression mode;
@@
- mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)
+ false
