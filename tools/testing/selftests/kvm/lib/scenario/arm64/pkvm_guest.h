/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A protected guest that does one thing after the other for the host: it reads what from addresses
 * that are no memory, and writes what came of it to another one.  The host sees its exits for
 * these, and nothing else of it.
 */
#ifndef PKVM_GUEST_H
#define PKVM_GUEST_H

#include "machine/memslot.h"
#include "machine/vcpu.h"

#define PKVM_PAGES	16u
#define PKVM_GPA	AGENT_TEST_GPA	/* of the code, which takes the first page */

/* What it can be told to do; every other number is a function, called by HVC. */
#define PKVM_LOAD	0ull	/* result = word at the first argument */
#define PKVM_STORE	1ull	/* word at the first argument = the second */

#define PKVM_MEMINFO	0xc6000002ull
#define PKVM_SHARE	0xc6000003ull
#define PKVM_UNSHARE	0xc6000004ull

#define PKVM_REFUSED	((uint64_t)-3)	/* SMCCC: INVALID_PARAMETER */

struct pkvm_guest {
	struct vm *vm;
	struct memslot slot;
	uint8_t *memory;	/* the host's view, if it is allowed one */
};

/**
 * pkvm_guest_create() - create a protected VM with memory, and the guest's code in it
 *
 * Return: the guest; skips the sub-test if KVM offers no protected VMs.
 */
struct pkvm_guest pkvm_guest_create(void);

/**
 * pkvm_guest_vcpu() - add a vCPU
 * @g: the guest
 * @id: of the vCPU
 *
 * Return: the vCPU.
 */
struct vcpu *pkvm_guest_vcpu(struct pkvm_guest *g, unsigned int id);

/**
 * __pkvm_guest_call() - let a vCPU do one thing
 * @vcpu: the vCPU
 * @what: PKVM_LOAD, PKVM_STORE, or a function
 * @arg: its arguments, three
 * @result: what came of it
 *
 * Return: 0, or -errno of KVM_RUN; any other exit than the guest's own ends the sub-test.
 */
int __pkvm_guest_call(struct vcpu *vcpu, uint64_t what, const uint64_t *arg, uint64_t *result);

/**
 * pkvm_guest_call() - the same, where KVM_RUN has to succeed
 * @vcpu: the vCPU
 * @what: PKVM_LOAD, PKVM_STORE, or a function
 * @arg0: first argument
 * @arg1: second argument
 *
 * Return: the result.
 */
uint64_t pkvm_guest_call(struct vcpu *vcpu, uint64_t what, uint64_t arg0, uint64_t arg1);

/**
 * pkvm_guest_destroy() - end the VM; its memory stays mapped
 * @g: the guest, without vCPUs
 */
void pkvm_guest_destroy(struct pkvm_guest *g);

/* What to write into guests, each number something else. */
#define PKVM_TOKEN(n)	(0x5eed000000000000ull + (n))

/**
 * pkvm_gpa() - the guest's address of a page
 * @page: of its memory
 *
 * Return: the address, bytes.
 */
uint64_t pkvm_gpa(uint32_t page);

/**
 * pkvm_word() - the host's address of a page
 * @g: the guest
 * @page: of its memory
 *
 * Return: the first word, which the host may not be allowed to touch.
 */
uint64_t *pkvm_word(const struct pkvm_guest *g, uint32_t page);

/**
 * pkvm_host_may() - may the host's user space touch a page?
 * @g: the guest
 * @page: of its memory
 * @value: what is there, if so
 *
 * fault_guard_install() comes first.
 *
 * Return: true if so.
 */
bool pkvm_host_may(const struct pkvm_guest *g, uint32_t page, uint64_t *value);

#endif /* PKVM_GUEST_H */
