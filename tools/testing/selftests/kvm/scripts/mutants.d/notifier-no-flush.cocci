// SPDX-License-Identifier: GPL-2.0-only
// mutant: notifier-no-flush
// fault: the MMU notifier zaps the SPTEs but does not flush the TLBs of running vCPUs
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, PERMISSION
// killed-by: gmem_notifier_test:notifier/*
// killed-by: gmem_stale_test:stale/discard-anonymous
// file: virt/kvm/kvm_main.c
// needs: hardware-tlb
//
// Not equivalent: the guest goes on using the page through its TLB until something else flushes that. A CPU with
// ASIDs keeps the guest's entries when it leaves the guest. Emulated SVM begins with an empty TLB, and what the host
// unmaps it flushes from its own TLBs, by an interrupt that takes the vCPU out of the guest before the call is over.

@@
@@
kvm_mmu_notifier_invalidate_range_start(...) {
<...
 const struct kvm_mmu_notifier_range hva_range = {
-	.flush_on_ret	= true,
+	.flush_on_ret	= false,
 };
...>
}
