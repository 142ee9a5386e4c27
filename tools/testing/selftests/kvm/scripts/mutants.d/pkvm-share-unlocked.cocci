// SPDX-License-Identifier: GPL-2.0-only
// mutant: pkvm-share-unlocked
// fault: two vCPUs may share and unshare at once
// expect: PERMISSION, KERNEL, ABI
// killed-by: pkvm_share_test:pkvm-share/two-vcpus
// file: arch/arm64/kvm/hyp/nvhe/mem_protect.c
// param: kvm-arm.mode=protected, arm64_sw.hvhe=0, id_aa64mmfr1.vh=0
//
// Not equivalent: both find the page in the state before, and one undoes half of the other.

@@
identifier f =~ "^__pkvm_guest_(un)?share_host$";
@@
f(...)
{
<...
(
- host_lock_component();
+ ;
|
- guest_lock_component(...);
+ ;
|
- guest_unlock_component(...);
+ ;
|
- host_unlock_component();
+ ;
)
...>
}
