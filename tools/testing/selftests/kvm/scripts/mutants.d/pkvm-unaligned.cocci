// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-unaligned
// fault: a protected guest may share at any address
// expect: ABI
// killed-by: pkvm_share_test:pkvm-share/arguments
// file: arch/arm64/kvm/hyp/nvhe/pkvm.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: the guest is told that something was shared that was not.

@@
@@
pkvm_memshare_call(...)
{
<...
- if (!PAGE_ALIGNED(ipa))
-	goto out_guest;
...>
}
