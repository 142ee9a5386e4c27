// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-prefault-never
// fault: memory cannot be pre-faulted after the launch
// expect: ABI
// killed-by: snp_launch_test:snp-launch/prefault
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
@@
snp_launch_finish(...)
{
<...
- kvm->arch.pre_fault_allowed = true;
+ ;
...>
}
