// SPDX-License-Identifier: GPL-2.0-only
// file: arch/x86/kvm/mmu/mmu.c
//
// A fault on an MMIO SPTE tells nothing about whether its gfn is private now: if a memslot came
// back there, the fault is handled like any other, and has to ask.

@@
identifier vcpu, gpa, error_code, r;
@@
kvm_mmu_page_fault(struct kvm_vcpu *vcpu, gpa_t gpa, u64 error_code, ...)
{
<...
  if (r == RET_PF_INVALID) {
+	if (gmem_in_place_conversion && !(gmem_in_place_faults & GMEM_FAULT_HOLE) &&
+	    (error_code & PFERR_RSVD_MASK) &&
+	    vcpu->kvm->arch.vm_type == KVM_X86_SW_PROTECTED_VM &&
+	    kvm_mem_is_private(vcpu->kvm, gpa_to_gfn(gpa)))
+		error_code |= PFERR_PRIVATE_ACCESS;
	vcpu->stat.pf_taken++;
  ...
  }
...>
}

@@
@@
#include "spte.h"
+ #include "../../../../virt/kvm/gmem_convert.h"
