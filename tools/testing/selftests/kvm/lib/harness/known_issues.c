// SPDX-License-Identifier: GPL-2.0-only
#include "harness/known_issues.h"

const struct known_issue known_hole_warn = {
	.cls = VERDICT_KERNEL,
	.complaint = "WARNING: arch/x86/kvm/mmu/@(tdp_mmu.c:* at *tdp_mmu_map|mmu.c:* at mmu_set_spte)*",
	.reference = "docs/findings.md, 1",
};

const struct known_issue known_hole_private = {
	.cls = VERDICT_PERMISSION,
	.reference = "docs/findings.md, 3",
};

const struct known_issue known_pre_fault_hang = {
	.cls = VERDICT_HANG,
	.reference = "docs/findings.md, 4",
};

const struct known_issue known_false_vectoring = {
	.cls = VERDICT_ABI,
	.reference = "docs/findings.md, 8",
};

const struct known_issue known_pkvm_other = {
	.cls = VERDICT_WRONG_PAGE,
	.reference = "docs/findings.md, 9",
	.certain = true,
};

const struct known_issue known_pkvm_mapped = {
	.cls = VERDICT_ABI,
	.reference = "docs/findings.md, 9",
	.certain = true,
};

const struct known_issue known_emulated_private = {
	.cls = VERDICT_WRONG_PAGE,
	.reference = "docs/findings.md, 10",
	.certain = true,
};

const struct known_issue known_gpc_never_active = {
	.cls = VERDICT_KERNEL,
	.complaint = "WARNING: *virt/kvm/pfncache.c:* at *kvm_gpc_refresh*",
	.reference = "docs/findings.md, 5",
	.certain = true,
};

const struct known_issue known_poll_holds_srcu = {
	.cls = VERDICT_HANG,
	.reference = "docs/findings.md, 11",
	.certain = true,
};

const struct known_issue known_poll_not_woken = {
	.cls = VERDICT_LOST_WRITE,
	.reference = "docs/findings.md, 12",
	.certain = true,
};

const struct known_issue known_timer_lock = {
	.cls = VERDICT_KERNEL,
	.complaint = "*Invalid wait context*",
	.reference = "docs/findings.md, 13",
};

const struct known_issue known_gpc_clean = {
	.cls = VERDICT_LOST_WRITE,
	.reference = "docs/findings.md, 6",
	.certain = true,
};

const struct known_issue known_gfn_truncated = {
	.cls = VERDICT_WRONG_PAGE,
	.reference = "docs/findings.md, 7",
	.certain = true,
};

const struct known_issue known_launch_signal = {
	.cls = VERDICT_ABI,
	.reference = "docs/findings.md, 14",
};

const struct known_issue known_nested_private = {
	.cls = VERDICT_WRONG_PAGE,
	.reference = "docs/findings.md, 16",
	.certain = true,
};

const struct known_issue known_space_unprotected = {
	.cls = VERDICT_STALE_MAPPING,
	.others = 1u << VERDICT_PERMISSION | 1u << VERDICT_ABI | 1u << VERDICT_LOST_WRITE,
	.reference = "docs/findings.md, 17",
};

const struct known_issue known_space_unprotected_certain = {
	.cls = VERDICT_STALE_MAPPING,
	.reference = "docs/findings.md, 17",
	.certain = true,
};

const struct known_issue known_ring_signal = {
	.cls = VERDICT_LOST_WRITE,
	.reference = "docs/findings.md, 18",
};

const struct known_issue known_ring_untracked = {
	.cls = VERDICT_LOST_WRITE,
	.reference = "docs/findings.md, 19",
};

const struct known_issue known_hole_encrypted = {
	.cls = VERDICT_PERMISSION,
	.reference = "docs/findings.md, 15",
	.certain = true,
};

const struct known_issue known_neighbours_shared = {
	.cls = VERDICT_HANG,
	.reference = "docs/findings.md, 20",
	.certain = true,
};

const struct known_issue known_nx_slot_gone = {
	.cls = VERDICT_KERNEL,
	.complaint = "WARNING: *arch/x86/kvm/mmu/mmu.c:* at kvm_nx_huge_page_recovery_worker*",
	.reference = "docs/findings.md, 21",
};

const struct known_issue known_nested_nx = {
	.cls = VERDICT_KERNEL,
	.complaint = "WARNING: *arch/x86/kvm/mmu/spte.c:* at make_spte*",
	.reference = "docs/findings.md, 22",
};
