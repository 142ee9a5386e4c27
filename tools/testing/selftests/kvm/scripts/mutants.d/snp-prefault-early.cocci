// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-prefault-early
// fault: memory can be pre-faulted before the launch is finished
// expect: ABI, KERNEL
// killed-by: snp_launch_test:snp-launch/prefault
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim
//
// Not equivalent: pages are assigned that nobody has launched.

@@
@@
sev_vm_init(...)
{
<...
- kvm->arch.pre_fault_allowed = !kvm->arch.has_private_mem;
+ kvm->arch.pre_fault_allowed = true;
...>
}
