// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-violation-mapped
// fault: an EPT violation of L2's says that L1 maps nothing there, whatever it maps
// expect: ABI
// killed-by: gmem_paging_test:paging/nested-guest
// emulator: bochs
// file: arch/x86/kvm/vmx/nested.c
//
// Not equivalent: a store through an entry that is read-only is told as one through no entry.

@@
identifier vcpu;
expression mask;
@@
nested_ept_inject_page_fault(struct kvm_vcpu *vcpu, ...)
{
<...
- exit_qualification = fault->exit_qualification & ~mask;
+ exit_qualification = fault->exit_qualification & ~(mask | EPT_VIOLATION_PROT_MASK);
...>
}
