// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-punch
// fault: a punch does not reach pfncaches, closing the file does
// expect: STALE_MAPPING, NOT_SCRUBBED, LOST_WRITE
// killed-by: pfncache_gmem_test:pfncache-gmem/private-punched
// killed-by: pfncache_gmem_test:pfncache-gmem/private-punch-canary
// file: virt/kvm/gpc_gmem.c
// feature: pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the page that was punched is still written to.

@@
identifier bindings, start, end;
@@
gpc_gmem_invalidate_begin(struct kvm *kvm, struct xarray *bindings, pgoff_t start, pgoff_t end)
{
...
  begin(kvm);
+ if (end != -1ul)
+	return;
...
}
