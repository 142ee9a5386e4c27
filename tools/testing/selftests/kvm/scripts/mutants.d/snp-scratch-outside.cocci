// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-scratch-outside
// fault: the scratch area may lie outside of the GHCB in version 2
// expect: ABI, KERNEL
// killed-by: snp_request_test:snp-request/malformed
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
setup_vmgexit_scratch(...)
{
<...
- if (to_kvm_sev_info(svm->vcpu.kvm)->ghcb_version >= 2)
-	goto e_scratch;
...>
}
