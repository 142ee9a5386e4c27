// SPDX-License-Identifier: GPL-2.0-only
// mutant: punch-no-zap
// fault: a hole is punched without zapping the guest mappings of the range
// expect: STALE_MAPPING
// killed-by: gmem_stale_test:stale/*punch*
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: truncation unmaps user mappings only; nothing else on this path walks the SPTEs, so the
// guest keeps reading and writing the freed pages. Both ends of the invalidation go, which keeps
// mmu_invalidate_in_progress balanced: the only thing that is missing is the zap.

@@
identifier punch =~ "^kvm_gmem_punch_hole$";
identifier start =~ "^kvm_gmem_invalidate_(start|begin)$";
identifier finish =~ "^kvm_gmem_invalidate_end$";
expression first, last, owner;
@@
punch(...) {
<...
(
- start(owner, first, last);
+ (void)first, (void)last;
|
- finish(owner, first, last);
+ (void)first, (void)last;
)
...>
}
