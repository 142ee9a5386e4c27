// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-violation-address
// fault: an EPT violation of L2's tells L1 an address that is one page behind
// expect: ABI
// killed-by: gmem_paging_test:paging/nested-guest
// emulator: bochs
// file: arch/x86/kvm/vmx/nested.c
//
// Not equivalent: L1 is told where L2 was, and the test knows it.

@@
identifier vcpu, fault, vmcs12;
@@
nested_ept_inject_page_fault(struct kvm_vcpu *vcpu, struct x86_exception *fault, ...)
{
...
- vmcs12->guest_physical_address = fault->address;
+ vmcs12->guest_physical_address = fault->address - PAGE_SIZE;
}
