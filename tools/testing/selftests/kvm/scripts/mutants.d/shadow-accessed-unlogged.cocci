// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-accessed-unlogged
// fault: a table in which KVM sets accessed and dirty bits is not in the dirty log
// expect: LOST_WRITE
// killed-by: gmem_paging_test:paging/logged
// file: arch/x86/kvm/mmu/paging_tmpl.h
// param: kvm_amd.npt=0
//
// Not equivalent: who copies the VM while it runs gets a table without them.

@@
@@
- kvm_vcpu_mark_page_dirty(...);
+ ;
