// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-arguments
// fault: the reserved arguments of a protected guest's calls are not looked at
// expect: ABI
// killed-by: pkvm_share_test:pkvm-share/arguments
// file: arch/arm64/kvm/hyp/nvhe/pkvm.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: what they will mean one day is carried out as something else.

@@
@@
kvm_handle_pvm_hvc64(...)
{
<...
- smccc_get_arg3(vcpu)
+ 0
...>
}
