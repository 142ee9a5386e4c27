// SPDX-License-Identifier: GPL-2.0-only
// mutant: vmx-bitmap-kept
// fault: what L1's bitmap of MSRs says is what it said at the first entry to L2
// expect: STALE_MAPPING
// killed-by: nested_bitmap_test:nested-bitmap/changed
// emulator: bochs
// file: arch/x86/kvm/vmx/nested.c
//
// Not equivalent: the bitmap in L1's memory changes between two entries.

@@
identifier vcpu, vmx;
@@
nested_vmx_prepare_msr_bitmap(struct kvm_vcpu *vcpu, ...)
{
...
struct vcpu_vmx *vmx = to_vmx(vcpu);
<...
- if (!vmx->nested.force_msr_bitmap_recalc) { ... }
+ if (!vmx->nested.force_msr_bitmap_recalc)
+	return true;
...>
}
