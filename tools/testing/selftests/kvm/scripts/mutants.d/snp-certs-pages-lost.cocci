// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-certs-pages-lost
// fault: the guest is not told how many pages the certificates take
// expect: ABI
// killed-by: snp_message_test:snp-message/certificates
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: it asks for ever with as few as before.

@@
expression e, n;
@@
snp_complete_req_certs(...)
{
<...
- e = n.npages;
...>
}
