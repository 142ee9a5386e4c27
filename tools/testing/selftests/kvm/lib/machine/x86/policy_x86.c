// SPDX-License-Identifier: GPL-2.0-only
#include "machine/x86/policy_x86.h"

const struct policy policy_sw_protected = {
	/*
	 * Private faults take the guest_memfd, shared ones userspace_addr
	 * (arch/x86/kvm/mmu/mmu.c, __kvm_mmu_faultin_pfn()), and
	 * kvm_vm_set_mem_attributes() touches neither.
	 */
	.split = { POLICY_SEPARATE, POLICY_SEPARATE },
	/*
	 * KVM does not touch contents when attributes of a guest_memfd change, and there
	 * is no firmware to do it (posted series "guest_memfd in-place conversion", api.rst).
	 */
	.in_place = { POLICY_PRESERVED, POLICY_PRESERVED },
};

const struct policy policy_confidential = {
	/*
	 * A running guest has to accept a page before it may rely on it, and what it
	 * leaves behind is ciphertext or cleared (AMD APM 2, 15.36.6; Intel TDX module
	 * base specification, TDG.MEM.PAGE.ACCEPT). The other backing is not concerned.
	 */
	.split = { POLICY_SEPARATE, POLICY_UNDEFINED },
	.in_place = { POLICY_UNDEFINED, POLICY_UNDEFINED },
};
