// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-unshare-kept
// fault: the host keeps a page that the guest does not share any more
// expect: PERMISSION, KERNEL
// killed-by: pkvm_share_test:pkvm-share/round-trip
// file: arch/arm64/kvm/hyp/nvhe/mem_protect.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: the host reads what the guest writes.

@@
@@
__pkvm_guest_unshare_host(...)
{
<...
- WARN_ON(host_stage2_set_owner_metadata_locked(phys, PAGE_SIZE,
-						      PKVM_ID_GUEST, meta));
+ (void)meta;
...>
}
