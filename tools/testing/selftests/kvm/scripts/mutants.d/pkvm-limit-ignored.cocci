// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-limit-ignored
// fault: a page is given to a protected guest although the process may lock no more memory
// expect: ABI
// killed-by: pkvm_host_test:pkvm-host/limit
// file: arch/arm64/kvm/mmu.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: pages that cannot be reclaimed are what RLIMIT_MEMLOCK is for.

@@
expression mm;
@@
pkvm_mem_abort(...)
{
<...
- ret = account_locked_vm(mm, 1, true);
- if (ret)
- 	return ret;
+ account_locked_vm(mm, 1, true);
...>
}
