// SPDX-License-Identifier: GPL-2.0-only
// mutant: attr-no-zap
// fault: memory attributes change without zapping what the guest has mapped of the old kind
// expect: STALE_MAPPING
// killed-by: gmem_stale_test:stale/convert-*
// file: virt/kvm/kvm_main.c
//
// Not equivalent: attributes are consulted when a fault is handled, never again for a present SPTE, so the
// guest goes on using the old copy. The range is still added and both ends still run, so faults that race
// with the change are retried as before. (Where old and new side are one page it would be equivalent.)

@@
expression kvm, range;
@@
kvm_pre_set_memory_attributes(...) {
<...
- return kvm_arch_pre_set_memory_attributes(kvm, range);
+ return false;
...>
}
