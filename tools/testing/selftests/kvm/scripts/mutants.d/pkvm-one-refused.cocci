// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-one-refused
// fault: of the calls that reach a protected vCPU's registers one is refused
// expect: ABI
// killed-by: pkvm_vcpu_test:pkvm-vcpu/refused
// file: arch/arm64/kvm/guest.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: the others give the host what this one was to keep from it.

@@
identifier vcpu, dbg;
@@
int kvm_arch_vcpu_ioctl_set_guest_debug(struct kvm_vcpu *vcpu, struct kvm_guest_debug *dbg)
{
+ return -EPERM;
 ...
}
