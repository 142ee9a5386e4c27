// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-release
// fault: closing the file does not reach pfncaches, a punch does
// expect: STALE_MAPPING, NOT_SCRUBBED
// killed-by: pfncache_gmem_test:pfncache-gmem/private-close-canary
// file: virt/kvm/gpc_gmem.c
// feature: pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the pages of a file that is gone are still written to.

@@
identifier bindings, start, end;
@@
gpc_gmem_invalidate_begin(struct kvm *kvm, struct xarray *bindings, pgoff_t start, pgoff_t end)
{
...
  begin(kvm);
+ if (end == -1ul)
+	return;
...
}
