// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-npf-no-write
// fault: L1 is told of a read where L2 wrote
// expect: ABI
// killed-by: gmem_paging_test:paging/nested-*
// file: arch/x86/kvm/svm/nested.c
//
// Not equivalent: EXITINFO1 of the violation says so.

@@
expression fault;
@@
- (fault->error_code & ~PFERR_GUEST_FAULT_STAGE_MASK)
+ (fault->error_code & ~(PFERR_GUEST_FAULT_STAGE_MASK | PFERR_WRITE_MASK))
