// SPDX-License-Identifier: GPL-2.0-only
// mutant: slot-zaps-all
// fault: the deletion of a memslot makes all roots obsolete in every type of VM
// expect: HANG
// killed-by: gmem_prefault_race_test:pre-fault/slot-private
// file: arch/x86/kvm/mmu/mmu.c
//
// Finding 4, for VMs that it does not concern: a pre-fault waits for the new root that nobody gives it.

@@
expression kvm;
identifier zap_all;
@@
kvm_arch_flush_shadow_memslot(...)
{
...
- bool zap_all = kvm->arch.vm_type == KVM_X86_DEFAULT_VM && kvm_check_has_quirk(kvm, KVM_X86_QUIRK_SLOT_ZAP_ALL);
+ bool zap_all = true;
...
}
