// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-message-answer-lost
// fault: an answer of the firmware's that cannot be written to the guest is taken for given
// expect: ABI
// killed-by: snp_message_test:snp-message/no-memory
// feature: snpsim
// file: arch/x86/kvm/svm/sev.c
//
// Not equivalent: a guest whose page is missing hears nothing of it, and the host does not either.

@@
expression a, b, c, d;
@@
snp_handle_guest_req(...)
{
<...
- if (kvm_write_guest(a, b, c, d))
-	return -EIO;
+ (void)kvm_write_guest(a, b, c, d);
...>
}
