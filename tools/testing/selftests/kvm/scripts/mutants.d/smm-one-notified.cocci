// SPDX-License-Identifier: GPL-2.0-only
// mutant: smm-one-notified
// fault: MMU notifiers reach the memslots of one address space alone
// expect: STALE_MAPPING, LOST_WRITE, KERNEL
// killed-by: smm_test:smm/both
// file: virt/kvm/kvm_main.c
//
// Not equivalent: system management mode goes on using the page that was discarded.

@@
identifier kvm, range, i;
@@
kvm_handle_hva_range(struct kvm *kvm, const struct kvm_mmu_notifier_range *range)
{
...
- for (i = 0; i < kvm_arch_nr_memslot_as_ids(kvm); i++) {
+ for (i = 0; i < 1; i++) {
...
}
...
}
