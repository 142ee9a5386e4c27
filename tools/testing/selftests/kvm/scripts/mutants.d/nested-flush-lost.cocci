// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-flush-lost
// fault: entries of L2 and exits to L1 flush nothing, whatever L1 has asked for
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/by-l1
// file: arch/x86/kvm/svm/nested.c
// param: kvm_amd.npt=0
//
// Not equivalent: what L2 has stored to its tables, and L1 has flushed, is not seen.

@@
@@
nested_svm_transition_tlb_flush(...)
{
<...
- kvm_make_request(...);
...>
}
