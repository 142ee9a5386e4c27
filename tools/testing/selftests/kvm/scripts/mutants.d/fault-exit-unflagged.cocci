// SPDX-License-Identifier: GPL-2.0-only
// mutant: fault-exit-unflagged
// fault: an exit for a memory fault does not say that the access was to private memory
// expect: ABI
// killed-by: gmem_implicit_test:*
// killed-by: snp_page_state_test:snp-page-state/implicit
// file: include/linux/kvm_host.h
//
// Not equivalent: user space makes shared what the guest wanted private.

@@
@@
- vcpu->run->memory_fault.flags |= KVM_MEMORY_EXIT_FLAG_PRIVATE;
+ ;
