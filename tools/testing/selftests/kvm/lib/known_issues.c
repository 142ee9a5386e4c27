// SPDX-License-Identifier: GPL-2.0-only
#include "known_issues.h"

const struct known_issue known_hole_warn = {
	.cls = VERDICT_KERNEL,
	.complaint = "WARNING: arch/x86/kvm/mmu/tdp_mmu.c:* at *tdp_mmu_map*",
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
