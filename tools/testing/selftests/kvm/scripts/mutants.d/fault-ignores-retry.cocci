// SPDX-License-Identifier: GPL-2.0-only
// mutant: fault-ignores-retry
// fault: a guest fault installs its page although an invalidation ran while it was handled
// expect: STALE_MAPPING, WRONG_PAGE, KERNEL
// killed-by: gmem_stale_test:stale/*
// killed-by: gmem_stress:stress/private
// killed-by: gmem_race_test:race/*/guest-*+punch
// killed-by: gmem_race_test:race/*/guest-*+to-*
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: the lockless check before it is only an optimisation and is over before the page is looked
// up; a punch between the look-up and mmu_lock leaves a mapping of a freed page. A race of two threads. Under
// stress the freed page is soon that of another gfn of the file, and its tokens are read through the old mapping. KVM
// itself notices it if a later fault for the same gfn finds another pfn mapped (BUG or WARN in tdp_mmu.c).

@@
expression kvm, seq, gfn, slot;
@@
is_page_fault_stale(...) {
<...
return
(
- slot && mmu_invalidate_retry_gfn(kvm, seq, gfn)
+ false
|
- slot && mmu_invalidate_retry_hva(kvm, seq, gfn)
+ false
)
 ;
...>
}
