/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual machine whose guest is the agent: the VM's file descriptor, its control
 * memslot (slot 0: agent image, page tables, stacks, mailboxes), and its type.
 */
#ifndef VM_H
#define VM_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "abi/agent_abi.h"
#include "machine/kvm_ioctl.h"
#include "machine/memslot_list.h"

struct policy;

/* What the agent has to be. */
enum vm_guest {
	VM_GUEST_PLAIN,
	VM_GUEST_SNP,		/* GHCB, VMGEXIT */
	VM_GUEST_TDX,		/* TDCALL */
	VM_GUEST_TDX_PLAYED,	/* TDCALL, and the host plays the TDX module */
};

/* Where agents run: machine/x86/level.h. */
enum vm_level { VM_LEVEL_1, VM_LEVEL_2, VM_LEVEL_2_NESTED_PAGING, VM_LEVEL_SMM,
		VM_LEVEL_EMULATOR };

/* What kinds of VM there are (api.rst, 4.2) and what they can do. */
struct vm_type {
	const char *name;
	unsigned long id;	/* for KVM_CREATE_VM */
	bool private_memory;	/* private and shared guest memory are told apart */
	bool agent_boots;	/* the agent can be started in it */
	const struct policy *policy; /* what conversions do; NULL: there are none */
	bool encrypted;		/* guest and registers are out of the host's reach */
	enum vm_guest guest;
};

extern const struct vm_type vm_types[];	/* ends with a NULL name */
extern const struct vm_type *const vm_default;		/* the ordinary VM of the architecture */

/**
 * vm_type_offered() - does the running kernel offer a VM type?
 * @type: the type
 *
 * Return: true if so (KVM_CAP_VM_TYPES).
 */
bool vm_type_offered(const struct vm_type *type);

/**
 * vm_type_private() - find a VM type with private memory in which the agent boots
 *
 * Return: the one that --vm-type names, or the first, if it is offered; else NULL.
 */
const struct vm_type *vm_type_private(void);

#define VM_CONTROL_SLOT	0	/* id of its memslot */
#define VM_VCPUS_MAX	64

struct vm {
	int fd;
	const struct vm_type *type;
	unsigned int number;		/* in tokens: the n-th VM of the process */
	uint8_t *control;		/* host's view of the control memslot */
	uint64_t control_used;		/* bytes given out by vm_control_alloc() ... */
	uint64_t tables_used;		/* ... and by vm_table_alloc() */
	int control_gmem;		/* its guest_memfd, where the guest is encrypted */
	uint64_t shared;		/* control address of struct agent_control */
	uint64_t root;			/* gpa of the guest's page table root */
	uint64_t c_mask;		/* makes an entry of them private (SNP); 0 elsewhere */
	uint64_t shared_mask;		/* makes an entry of them shared (TDX); 0 elsewhere */
	uint8_t *reset;			/* a TDX guest's page of that name, as it is launched */
	int reset_gmem;			/* and the guest_memfd behind it */
	enum vm_level level;		/* of the agents of vCPUs to come */
	bool no_nx;			/* x86: L1 has EFER.NX clear, if it uses SVM */
	uint64_t vmcb;			/* where L1 is to have its VMCB; 0: anywhere */
	uint64_t msr_bitmap;		/* and the bitmap of MSRs, two pages; 0: none exits */
	bool any_mmu;			/* SNP: launch it without the TDP MMU, too */
	uint64_t nested_root;		/* of what L1 gives L2 as its memory; 0: none yet */
	bool roots;			/* the guest has more than that one */
	uint32_t next_slot;
	struct memslot_list files;	/* memslots that have one */
	int *spare_vcpus;		/* by id, created ahead, -1 where taken; may be NULL */
	uint64_t *spare_mailboxes;	/* theirs, if they were booted ahead, too */
	uint8_t *private_pages;		/* struct agent_control's; NULL: one alias */
	uint8_t *pending_pages;		/* where TDX is played: private, but no ACCEPT yet */
	pthread_mutex_t lock;		/* serialises conversions asked for by vCPUs */
};

/* ioctls on the VM: the first returns -errno, the second ends the sub-test on failure. */
#define __vm_ioctl(vm, request, arg)	__kvm_ioctl((vm)->fd, request, arg)
#define vm_ioctl(vm, request, arg)	kvm_ioctl((vm)->fd, request, arg)

/**
 * vm_create() - create a VM with the agent loaded and no vCPU yet
 * @type: skips the sub-test, saying why, if the kernel does not offer it or the
 *        agent does not boot there
 *
 * Return: the VM.
 */
struct vm *vm_create(const struct vm_type *type);

/**
 * vm_create_bare() - KVM_CREATE_VM alone: no control memslot, no agent
 * @type: skips the sub-test if the kernel does not offer it
 *
 * Return: the VM.
 */
struct vm *vm_create_bare(const struct vm_type *type);

/**
 * vm_destroy() - close what vm_create() opened
 * @vm: the VM, while vCPUs, files and memslots are the caller's
 */
void vm_destroy(struct vm *vm);

/**
 * vm_cap() - KVM_CHECK_EXTENSION on the VM
 * @vm: the VM
 * @cap: KVM_CAP_*
 *
 * Return: what KVM says, 0 if it does not know the capability (api.rst, 4.4).
 */
int vm_cap(const struct vm *vm, int cap);

/**
 * vm_control_alloc() - zeroed memory that the agent can address
 * @vm: the VM
 * @size: bytes
 *
 * Return: its address in the guest (identity mapped), a multiple of 4096.
 */
uint64_t vm_control_alloc(struct vm *vm, uint64_t size);

/**
 * vm_table_alloc() - a zeroed page for the guest's page tables
 * @vm: the VM
 *
 * Return: its address in the guest, in the part of the control memslot that is the agent's own.
 */
uint64_t vm_table_alloc(struct vm *vm);

/**
 * vm_control_ptr() - find the host's view of a control address
 * @vm: the VM
 * @gpa: the address
 *
 * Return: its host address.
 */
void *vm_control_ptr(const struct vm *vm, uint64_t gpa);

/**
 * vm_control_gpa() - find the control address of something in the control memslot
 * @vm: the VM
 * @memory: the host's view of it
 *
 * Return: the address, which the guest maps to itself.
 */
static inline uint64_t vm_control_gpa(const struct vm *vm, const void *memory)
{
	return (const uint8_t *)memory - vm->control + AGENT_CONTROL_GPA;
}

/**
 * vm_control() - find the structure that all vCPUs and the host share
 * @vm: the VM
 *
 * Return: the structure, with the ticket counter.
 */
struct agent_control *vm_control(const struct vm *vm);

#endif /* VM_H */
