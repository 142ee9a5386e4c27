// SPDX-License-Identifier: GPL-2.0-only
// mutant: vcpu-map-undirty
// fault: what KVM writes to guest memory that it has mapped for a vCPU is not in the dirty log
// expect: LOST_WRITE
// killed-by: nested_vmcb_test:nested-vmcb/smi
// file: virt/kvm/kvm_main.c
//
// Not equivalent: a migration loses VMCBs and host save areas.

@@
@@
kvm_vcpu_unmap(...)
{
<...
- kvm_vcpu_mark_page_dirty(...);
+ ;
...>
}
