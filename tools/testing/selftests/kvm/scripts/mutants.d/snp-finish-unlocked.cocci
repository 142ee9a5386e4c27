// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-finish-unlocked
// fault: the launch takes the registers of vCPUs that may be running
// expect: KERNEL
// killed-by: snp_race_test:snp-race/finish
// killed-by: snp_launch_test:snp-launch/*
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
// needs: debug-kernel
//
// Not equivalent: registers change while they are copied (CVE-2026-31591); with lockdep (VARIANT=debug) KVM's own
// assertion says so at once.

@@
@@
snp_launch_update_vmsa(...)
{
<...
- kvm_lock_all_vcpus(kvm)
+ 0
...>
- kvm_unlock_all_vcpus(kvm);
...
}
