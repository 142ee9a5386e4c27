/* SPDX-License-Identifier: GPL-2.0-only */
/* Put before svm.c: VMRUN of a guest with encrypted state goes to the model. */
#ifndef SNPSIM_SVM_H
#define SNPSIM_SVM_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/kvm_types.h>
#include <linux/kvm_host.h>
#include <asm/cpufeature.h>
#include "mmu.h"
#include "x86.h"
#include "svm.h"
#include "snpsim.h"

#define __svm_sev_es_vcpu_run	snpsim_vcpu_run
#define sev_vcpu_create		snpsim_vcpu_create
#define sev_free_vcpu		snpsim_free_vcpu

/* Guests keep their ASID: a flush is one of the ASID. */
static __always_inline bool snpsim_feature(u32 bit)
{
	return bit == X86_FEATURE_FLUSHBYASID;
}

#undef cpu_feature_enabled
#define cpu_feature_enabled(bit)					\
	(snpsim_feature(bit) ||						\
	 (__builtin_constant_p(bit) && DISABLED_MASK_BIT_SET(bit) ? 0 : _static_cpu_has(bit)))

#endif
