// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-ap-halted
// fault: a vCPU that was created is not made runnable
// expect: HANG, ABI
// killed-by: snp_ap_test:snp-ap/no-vmsa
// killed-by: snp_ap_test:snp-ap/life
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: it sleeps for ever.

@@
@@
sev_snp_init_protected_guest_state(...)
{
<...
- kvm_set_mp_state(vcpu, KVM_MP_STATE_RUNNABLE);
+ ;
...>
}
