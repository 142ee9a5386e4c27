// SPDX-License-Identifier: GPL-2.0-only
// file: arch/x86/kvm/svm/svm.h

@state@
@@
struct vcpu_sev_es_state {
...
bool snp_has_guest_vmsa;
+ struct snpsim_vcpu *snpsim;
};
