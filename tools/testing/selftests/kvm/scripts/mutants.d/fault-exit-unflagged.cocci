// SPDX-License-Identifier: GPL-2.0-only
// mutant: fault-exit-unflagged
// fault: an exit for a memory fault does not say that the access was to private memory
// expect: ABI
// killed-by: gmem_implicit_test:*
// killed-by: snp_page_state_test:snp-page-state/implicit
// file: arch/x86/kvm/mmu/mmu_internal.h
//
// Not equivalent: user space makes shared what the guest wanted private.

@@
expression vcpu, gpa, size, write, exec, private;
@@
- kvm_prepare_memory_fault_exit(vcpu, gpa, size, write, exec, private);
+ kvm_prepare_memory_fault_exit(vcpu, gpa, size, write, exec, false);
