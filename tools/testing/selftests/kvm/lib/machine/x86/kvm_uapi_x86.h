/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the KVM uAPI that is x86's own; as kvm_uapi.h. */
#ifndef KVM_UAPI_X86_H
#define KVM_UAPI_X86_H

#include "machine/kvm_uapi.h"

/* VM types, KVM_CAP_VM_TYPES (api.rst, 4.2). */
#ifndef KVM_X86_DEFAULT_VM
#define KVM_X86_DEFAULT_VM	0
#endif
#ifndef KVM_X86_SW_PROTECTED_VM
#define KVM_X86_SW_PROTECTED_VM	1
#endif
#ifndef KVM_X86_SNP_VM
#define KVM_X86_SNP_VM		4
#endif
#ifndef KVM_X86_TDX_VM
#define KVM_X86_TDX_VM		5
#endif

/* KVM_HC_MAP_GPA_RANGE (Documentation/virt/kvm/x86/hypercalls.rst, 8). */
#ifndef KVM_HC_MAP_GPA_RANGE
#define KVM_HC_MAP_GPA_RANGE	12
#endif
#ifndef KVM_MAP_GPA_RANGE_ENCRYPTED
#define KVM_MAP_GPA_RANGE_ENCRYPTED (1ULL << 4)
#define KVM_MAP_GPA_RANGE_DECRYPTED 0
#endif

/*
 * SEV-SNP (Documentation/virt/kvm/x86/amd-memory-encryption.rst; launch since 6.11).  Headers of
 * the distribution have some of it, under the kernel's names: these are the suite's.
 */
enum {
	SNP_INIT2 = 22,
	SNP_LAUNCH_START = 100,
	SNP_LAUNCH_UPDATE,
	SNP_LAUNCH_FINISH,
	SNP_ENABLE_CERTS,
};

#define SNP_EXIT_CERTS	43	/* KVM_EXIT_SNP_REQ_CERTS: 6.19 */

/* What kvm_run has then. */
struct snp_certs {
	__u64 gpa;
	__u64 npages;
	__u64 ret;
};

enum snp_page {
	SNP_PAGE_NORMAL = 1,
	SNP_PAGE_ZERO = 3,
	SNP_PAGE_UNMEASURED,
	SNP_PAGE_SECRETS,
	SNP_PAGE_CPUID,
};

struct snp_command {
	__u32 id;
	__u32 pad0;
	__u64 data;
	__u32 error;
	__u32 sev_fd;
};

struct snp_init_args {
	__u64 vmsa_features;
	__u32 flags;
	__u16 ghcb_version;
	__u16 pad1;
	__u32 pad2[8];
};

struct snp_start_args {
	__u64 policy;
	__u8 gosvw[16];
	__u16 flags;
	__u8 pad0[6];
	__u64 pad1[4];
};

struct snp_update_args {
	__u64 gfn_start;
	__u64 uaddr;
	__u64 len;
	__u8 type;
	__u8 pad0;
	__u16 flags;
	__u32 pad1;
	__u64 pad2[4];
};

struct snp_finish_args {
	__u64 id_block_uaddr;
	__u64 id_auth_uaddr;
	__u8 id_block_en;
	__u8 auth_key_en;
	__u8 vcek_disabled;
	__u8 host_data[32];
	__u8 pad0[3];
	__u16 flags;
	__u64 pad1[4];
};

/* TDX (arch/x86/include/uapi/asm/kvm.h; since 6.16); the larger structures are tdx.h's. */
enum {
	TDX_CAPABILITIES,
	TDX_INIT_VM,
	TDX_INIT_VCPU,
	TDX_INIT_MEM_REGION,
	TDX_FINALIZE_VM,
	TDX_GET_CPUID,
};

struct tdx_command {
	__u32 id;
	__u32 flags;
	__u64 data;
	__u64 hw_error;
};

struct tdx_region_args {
	__u64 source_addr;
	__u64 gpa;
	__u64 nr_pages;
};

#define TDX_REGION_MEASURE	1u

#define SNP_POLICY_SMT		(1ull << 16)
#define SNP_POLICY_RESERVED	(1ull << 17)	/* has to be 1 */
#define SNP_POLICY_DEBUG	(1ull << 19)

#endif /* KVM_UAPI_X86_H */
