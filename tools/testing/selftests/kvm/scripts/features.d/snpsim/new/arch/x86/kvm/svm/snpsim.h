/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A modelled SNP machine below the unmodified svm.c and sev.c: a table of who owns each page
 * (RMP), the commands of the secure processor that KVM issues, and a CPU that loads and stores
 * the VMSA, checks each translation against the table, and turns intercepts into #VC.
 *
 * Facts: AMD APM 2, 15.34 to 15.36; SEV-SNP Firmware ABI (56860); GHCB specification (56421).
 * Nothing is encrypted, and nothing is timed.  The FPU is not switched.
 */
#ifndef SNPSIM_H
#define SNPSIM_H

#include <linux/kvm_host.h>
#include <linux/bitfield.h>
#include <linux/psp-sev.h>
#include <asm/sev.h>
#include "svm.h"

/* What CPUID 0x8000001f says of the machine.  Host physical addresses have 48 bits. */
#define SNPSIM_C_BIT		47
#define SNPSIM_C_MASK		BIT_ULL(SNPSIM_C_BIT)
#define SNPSIM_ASIDS		255	/* of all encrypted guests ... */
#define SNPSIM_SEV_ASID_MIN	128	/* ... those below for SEV-ES and SNP */

#define SNPSIM_ADDRESS		GENMASK_ULL(46, 12)

/* An entry of the table: owner and state of one page of 4K. */
#define RMP_ASSIGNED		BIT_ULL(0)
#define RMP_VALIDATED		BIT_ULL(1)
#define RMP_IMMUTABLE		BIT_ULL(2)
#define RMP_VMSA		BIT_ULL(3)
#define RMP_BUSY		BIT_ULL(4)	/* the VMSA of a CPU that is in the guest */
#define RMP_2M			BIT_ULL(5)
#define RMP_ASID_SHIFT		8
#define RMP_ASID		GENMASK_ULL(17, RMP_ASID_SHIFT)
#define RMP_GFN_SHIFT		18
#define RMP_OWNER(asid, gpa)	((u64)(asid) << RMP_ASID_SHIFT | \
				 ((u64)(gpa) >> PAGE_SHIFT) << RMP_GFN_SHIFT)
#define RMP_WHOSE		(RMP_ASID | GENMASK_ULL(63, RMP_GFN_SHIFT) | RMP_ASSIGNED)

/* What PVALIDATE and RMPADJUST leave in EAX. */
#define SNPSIM_FAIL_INPUT	1
#define SNPSIM_FAIL_PERMISSION	2
#define SNPSIM_FAIL_SIZE	6

#define SNPSIM_TABLES		96

/* A vCPU's translations: what a CPU has in its TLB, as page tables for the emulated one. */
struct snpsim_vcpu {
	u64 *table[SNPSIM_TABLES];	/* the first is the root */
	unsigned int used;
	u64 generation;			/* of the table of owners, when they were made */
	u64 fills, flushes;
};

/* A walk through a guest's address space, or what stopped it. */
struct snpsim_walk {
	u64 gpa;		/* with the C-bit of the last translation */
	u64 pfn;
	u64 npf;		/* error code of the #NPF, 0 if there is none */
	bool page_fault;	/* the guest's own tables do not lead there */
};

/* snpsim_rmp.c */
int snpsim_rmp_init(void);
void snpsim_rmp_exit(void);
u64 *snpsim_rmp_entry(u64 pfn);
u64 snpsim_rmp_generation(void);
void snpsim_rmp_changed(void);
void *snpsim_window(u64 paddr);
unsigned int snpsim_rmp_count(u32 asid);
int snpsim_rmp_lookup(u64 pfn, bool *assigned, int *level);
int snpsim_rmp_make_private(u64 pfn, u64 gpa, enum pg_level level, u32 asid, bool immutable);
int snpsim_rmp_make_shared(u64 pfn, enum pg_level level);
int snpsim_psmash(u64 pfn);
void snpsim_leak_pages(u64 pfn, unsigned int npages);

/* The guest context page, which is the firmware's own. */
enum snpsim_state { SNPSIM_INIT, SNPSIM_LAUNCH, SNPSIM_RUNNING };

struct snpsim_context {
	u64 magic;
	u64 policy;
	u32 state;
	u32 asid;
	u64 pages;	/* that were launched */
};

/* snpsim_launch.c */
int snpsim_launch_start(struct sev_data_snp_launch_start *data);
int snpsim_launch_update(struct sev_data_snp_launch_update *data);
int snpsim_launch_finish(struct sev_data_snp_launch_finish *data);

/* snpsim_firmware.c */
struct snpsim_context *snpsim_context_of(u64 paddr);
int snpsim_do_cmd(int cmd, void *data, int *error);
void *snpsim_alloc_firmware_page(gfp_t gfp);
void snpsim_free_firmware_page(void *address);

/* snpsim.c */
int snpsim_platform_init(struct sev_platform_init_args *args);
void snpsim_platform_shutdown(void);
int snpsim_issue_cmd(struct file *file, unsigned int cmd, void *data, int *error);
void *snpsim_copy_user_blob(u64 address, u32 len);

/* snpsim_walk.c */
u64 snpsim_npt_walk(struct vcpu_svm *svm, u64 gpa, u64 access, int *level, u64 *npf);
void snpsim_guest_walk(struct vcpu_svm *svm, u64 gva, u64 access, struct snpsim_walk *walk);
u64 snpsim_rmp_check(struct vcpu_svm *svm, u64 pfn, u64 gpa, u32 *vc);

/* snpsim_tlb.c */
int snpsim_tlb_create(struct vcpu_svm *svm);
void snpsim_tlb_free(struct vcpu_svm *svm);
void snpsim_tlb_flush(struct snpsim_vcpu *v);
void snpsim_tlb_fill(struct snpsim_vcpu *v, u64 gpa, u64 pfn, u64 flags);

/* snpsim_vc.c */
bool snpsim_reflect(struct vcpu_svm *svm, u32 error);

/* snpsim_instruction.c */
bool snpsim_npf_exit(struct vcpu_svm *svm, u64 gpa, u64 error);
bool snpsim_invalid_opcode(struct vcpu_svm *svm);
bool snpsim_vmmcall(struct vcpu_svm *svm);

/* snpsim_guest.c */
bool snpsim_guest_exit(struct vcpu_svm *svm);
bool snpsim_npf(struct vcpu_svm *svm);

/* snpsim_run.c */
int snpsim_vcpu_create(struct kvm_vcpu *vcpu);
void snpsim_free_vcpu(struct kvm_vcpu *vcpu);
void snpsim_vcpu_run(struct vcpu_svm *svm, unsigned int flags, struct sev_es_save_area *hostsa);

#endif
