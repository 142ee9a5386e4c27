// SPDX-License-Identifier: GPL-2.0-only
// mutant: nx-never-split
// fault: a guest may execute in a huge page that is to be split first
// expect: ABI
// killed-by: nx_huge_page_test:nx-huge-page/split
// file: arch/x86/kvm/mmu/spte.c
// param: kvm.nx_huge_pages=force, kvm.nx_huge_pages_recovery_ratio=1, kvm.nx_huge_pages_recovery_period_ms=20
//
// Not equivalent: nx_lpage_splits tells.

@@
@@
make_spte(...)
{
<...
  if (level > PG_LEVEL_4K
+     && false
      && is_nx_huge_page_enabled(...)) { ... }
...>
}
