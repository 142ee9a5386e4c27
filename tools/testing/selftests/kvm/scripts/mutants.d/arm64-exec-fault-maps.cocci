// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-exec-fault-maps
// fault: a permission fault on guest_memfd maps the page again instead of adding the permission
// expect: HANG
// killed-by: gmem_exec_test:exec/*
// file: arch/arm64/kvm/mmu.c
//
// What 9be19df816de repaired. Not equivalent: kvm_pgtable_stage2_map() leaves an entry alone
// that differs in its permissions only, and says so by -EAGAIN, after which the vCPU takes the
// same fault again. Needs a CPU without FEAT_DIC: others map everything executable.

@@
identifier perm =~ "^perm_fault$";
@@
gmem_abort(...) {
<...
 if (
- perm
+ false
 ) { ... } else { ... }
...>
}
