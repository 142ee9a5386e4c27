/* SPDX-License-Identifier: GPL-2.0-only */
/* What conversions do to contents on x86. */
#ifndef POLICY_X86_H
#define POLICY_X86_H

#include "machine/policy.h"

extern const struct policy policy_sw_protected;	/* nobody but KVM is concerned */
extern const struct policy policy_confidential;	/* SNP, TDX */

#endif /* POLICY_X86_H */
