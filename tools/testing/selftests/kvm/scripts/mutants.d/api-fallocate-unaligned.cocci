// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-fallocate-unaligned
// fault: fallocate takes ranges that begin or end inside a page
// expect: LOST_DATA
// killed-by: gmem_file_test:api/fallocate-range
// file: virt/kvm/guest_memfd.c

@@
expression offset, len;
@@
kvm_gmem_fallocate(...)
{
...
- if (offset || len)
-	return -EINVAL;
...
}
