// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-message-error-lost
// fault: the guest is not told that the firmware has refused its message
// expect: ABI
// killed-by: snp_message_test:snp-message/answer
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the guest takes what is in the page for an answer.

@@
@@
snp_handle_guest_req(...)
{
<...
- svm_vmgexit_no_action(svm, SNP_GUEST_ERR(0, fw_err));
+ svm_vmgexit_no_action(svm, SNP_GUEST_ERR(0, 0));
...>
}
