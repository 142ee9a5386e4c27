// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-certs-table-uncleared
// fault: the empty table of certificates is not written
// expect: ABI
// killed-by: snp_message_test:snp-message/no-certificates
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: the guest reads certificates where there are none.

@@
expression n;
@@
snp_handle_ext_guest_req(...)
{
<...
- if (n && kvm_clear_guest(...))
+ if (n && !kvm)
 return -EIO;
...>
}
