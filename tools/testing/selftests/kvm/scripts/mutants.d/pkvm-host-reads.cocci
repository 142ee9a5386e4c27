// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-host-reads
// fault: what the host touches of a protected guest is mapped to it
// expect: ABI, KERNEL
// killed-by: pkvm_host_test:pkvm-host/system-calls
// file: arch/arm64/kvm/hyp/nvhe/mem_protect.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: system calls copy what the guest wrote.

@@
@@
host_stage2_adjust_range(...)
{
<...
- if (pte)
+ if (pte == ~0ull)
 {
 ...
 }
...>
}
