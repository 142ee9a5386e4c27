// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-vmsa-slot-kept
// fault: a vCPU goes on with the VMSA that lies in a memslot which is deleted
// expect: STALE_MAPPING
// killed-by: snp_vmsa_test:snp-vmsa/deleted-running
// file: arch/x86/kvm/mmu/mmu.c
// feature: snpsim

@@
expression slot, kvm, range;
@@
kvm_arch_flush_shadow_memslot(...)
{
<...
- if (slot->gmem.file)
-	kvm_arch_gmem_invalidate_range(kvm, &range);
...>
}
