// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-no-flush
// fault: attribute changes zap mappings and flush no TLB
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE, PERMISSION, LEAK, HANG, ABI
// killed-by: gmem_stale_test:stale/*
// file: virt/kvm/kvm_main.c
// feature: snpsim
// vm-type: snp-modelled
//
// Not equivalent: the guest goes on using what it has in its TLB; the modelled CPU keeps it as hardware does.

@@
identifier f =~ "^(__)?kvm_(handle_gfn_range|flush_remote_tlbs_if_needed)$";
@@
f(...)
{
<...
- kvm_flush_remote_tlbs(kvm);
+ ;
...>
}
