// SPDX-License-Identifier: GPL-2.0-only
// mutant: arm64-set-reg-askew
// fault: KVM_SET_ONE_REG of a core register stores eight more
// expect: ABI
// killed-by: pkvm_vcpu_test:pkvm-vcpu/goes-on
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
// file: arch/arm64/kvm/guest.c
//
// Not equivalent: a guest does not go on where it was.

@@
expression addr, valp, size;
@@
set_core_reg(...)
{
<...
- memcpy(addr, valp, size);
+ { u64 more; memcpy(&more, valp, size); more += 8; memcpy(addr, &more, size); }
...>
}
