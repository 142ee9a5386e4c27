/* SPDX-License-Identifier: GPL-2.0-only */
/* Put before sev.c: what it asks of the machine, the firmware and the RMP goes to the model. */
#ifndef SNPSIM_SEV_H
#define SNPSIM_SEV_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/kvm_types.h>
#include <linux/kvm_host.h>
#include <linux/psp.h>
#include <linux/psp-sev.h>
#include <linux/cc_platform.h>
#include <asm/cpuid/api.h>
#include <asm/sev.h>
#include "mmu.h"
#include "x86.h"
#include "svm.h"
#include "svm_ops.h"
#include "cpuid.h"
#include "snpsim.h"

/* The machine. */
#undef boot_cpu_has
#define boot_cpu_has(bit)						\
	((bit) == X86_FEATURE_SEV || (bit) == X86_FEATURE_SEV_ES ||	\
	 (bit) == X86_FEATURE_SEV_SNP || (bit) == X86_FEATURE_DECODEASSISTS || \
	 (bit) == X86_FEATURE_FLUSHBYASID || (bit) == X86_FEATURE_SME_COHERENT || \
	 cpu_has(&boot_cpu_data, bit))
#define nrips			(1)
#define lbrv			(1)
#define cc_platform_has(attr)	((attr) == CC_ATTR_HOST_SEV_SNP)
#define cpuid(leaf, a, b, c, d)						\
	do {								\
		WARN_ON_ONCE((leaf) != 0x8000001f);			\
		*(a) = 0;						\
		*(b) = SNPSIM_C_BIT;					\
		*(c) = SNPSIM_ASIDS;					\
		*(d) = SNPSIM_SEV_ASID_MIN;				\
	} while (0)
/* The CPU has the GHCB's MSR of each guest; the emulated one does not know it. */
#define svm_disable_intercept_for_msr(vcpu, msr, type)			\
	do {								\
		if ((msr) != MSR_AMD64_SEV_ES_GHCB)			\
			svm_disable_intercept_for_msr(vcpu, msr, type);	\
	} while (0)

/* The table of owners. */
#define snp_lookup_rmpentry	snpsim_rmp_lookup
#define rmp_make_private	snpsim_rmp_make_private
#define rmp_make_shared		snpsim_rmp_make_shared
#define psmash			snpsim_psmash
#define snp_leak_pages		snpsim_leak_pages

/* The firmware. */
#undef sev_module_init
#define sev_module_init()	(0)
#define sev_do_cmd		snpsim_do_cmd
#define sev_issue_cmd_external_user snpsim_issue_cmd
#define sev_platform_init	snpsim_platform_init
#define sev_platform_shutdown	snpsim_platform_shutdown
#define sev_is_snp_ciphertext_hiding_supported() (false)
#define sev_get_snp_policy_bits() (SNP_POLICY_MASK_BASE | SNP_POLICY_MASK_RSVD_MBO)
#define sev_firmware_supported_vm_types() BIT(KVM_X86_SNP_VM)
#define snp_alloc_firmware_page	snpsim_alloc_firmware_page
#define snp_free_firmware_page	snpsim_free_firmware_page
#define psp_copy_user_blob	snpsim_copy_user_blob

#endif
