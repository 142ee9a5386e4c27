// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-message-unlocked
// fault: messages of two vCPUs go through the VM's pages at once
// expect: LOST_DATA
// killed-by: snp_message_test:snp-message/two-vcpus
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: a vCPU gets the answer to another one's message.

@@
@@
snp_handle_guest_req(...)
{
<...
- guard(mutex)(&sev->guest_req_mutex);
+ (void)sev;
...>
}
