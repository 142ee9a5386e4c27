// SPDX-License-Identifier: GPL-2.0-only
// mutant: attr-large-behind-end
// fault: attributes of a large page are looked at that begins in the memslot and ends behind it
// expect: KERNEL, CRASH
// killed-by: page_size_test:page-size/attribute
// file: arch/x86/kvm/mmu/mmu.c
// needs: debug-kernel
//
// Not equivalent: lpage_info is read behind its end, which KASAN sees. The state before 992b54bd083c ("KVM: x86/mmu:
// x86: Don't overflow lpage_info when checking attributes", CVE-2024-26991).

@@
@@
kvm_arch_post_set_memory_attributes(...)
{
<...
  if (
- gfn >= slot->base_gfn && gfn + nr_pages <= slot->base_gfn + slot->npages
+ gfn >= slot->base_gfn
  ) { ... }
...>
}
