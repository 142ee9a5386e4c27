// SPDX-License-Identifier: GPL-2.0-only
// mutant: unbind-skips-dying
// fault: a memslot that goes while its guest_memfd is being closed leaves its binding behind
// expect: KERNEL, CRASH
// killed-by: gmem_race_test:race/*/slot-delete+file-close
// file: virt/kvm/guest_memfd.c
// needs: debug-kernel
//
// Not equivalent: kvm_gmem_release() runs after the memslot was freed and writes to it: use after free, which the
// debug variant of the kernel sees (KASAN) and the plain one hardly. The fault was in Linux until 6.18
// ("KVM: guest_memfd: Remove bindings on memslot deletion when gmem is dying").

@@
identifier file;
@@
kvm_gmem_unbind(...) {
<...
if (
- !file
+ !file || !file_count(file)
 ) return;
...>
}
