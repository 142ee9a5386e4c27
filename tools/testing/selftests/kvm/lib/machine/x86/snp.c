// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/alias.h"
#include "machine/attributes.h"
#include "machine/x86/shadow_paging.h"
#include "machine/x86/snp.h"

#define ASSIGNED	"/sys/module/kvm_amd/parameters/snpsim_assigned"
#define CPUID_ENTRIES	256
#define LEAF_SEV	0x8000001f

bool snp_modelled(void)
{
	return !access(ASSIGNED, F_OK);
}

const struct vm_type *snp_type(void)
{
	const struct vm_type *type;

	for (type = vm_types; type->name; type++)
		if (type->id == KVM_X86_SNP_VM && vm_type_offered(type))
			return type;
	verdict_skip("KVM offers no SNP guests (KVM_CAP_VM_TYPES is %#x, bit %u is not set)",
		     kvm_cap(KVM_CAP_VM_TYPES), KVM_X86_SNP_VM);
}

long snp_assigned(void)
{
	FILE *f = fopen(ASSIGNED, "re");
	long count = -1;

	if (f) {
		verdict_require(fscanf(f, "%ld", &count) == 1, "read " ASSIGNED);
		fclose(f);
	}
	return count;
}

int snp_device(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/sev", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		verdict_skip("/dev/sev cannot be opened (%s): SNP guests are launched by it",
			     strerror(errno));
	return fd;
}

unsigned int snp_c_bit(void)
{
	static unsigned int bit;
	struct kvm_cpuid2 *cpuid;
	unsigned int i;

	if (bit)
		return bit;
	cpuid = calloc(1, sizeof(*cpuid) + CPUID_ENTRIES * sizeof(cpuid->entries[0]));
	verdict_require(cpuid, "out of memory");
	cpuid->nent = CPUID_ENTRIES;
	kvm_ioctl(kvm_dev(), KVM_GET_SUPPORTED_CPUID, cpuid);
	for (i = 0; i < cpuid->nent; i++)
		if (cpuid->entries[i].function == LEAF_SEV)
			bit = cpuid->entries[i].ebx & 0x3f;
	free(cpuid);
	if (!bit)
		verdict_fail(VERDICT_ABI, "KVM offers SNP guests, but no C-bit (CPUID 0x8000001f)");
	return bit;
}

int __snp_command(struct vm *vm, uint32_t id, void *args, uint32_t *firmware)
{
	struct snp_command command = {
		.id = id, .data = (uintptr_t)args, .sev_fd = snp_device(),
	};
	int r = __vm_ioctl(vm, KVM_MEMORY_ENCRYPT_OP, &command);

	if (firmware)
		*firmware = command.error;
	return r;
}

static void command(struct vm *vm, uint32_t id, void *args, const char *what)
{
	uint32_t firmware;
	int r = __snp_command(vm, id, args, &firmware);

	if (r)
		verdict_fail(VERDICT_SETUP, "%s: %s, firmware error %#x", what, strerror(-r),
			     firmware);
}

int __snp_update(struct vm *vm, enum snp_page type, uint64_t gpa, uint64_t size, const void *from,
		 uint32_t *firmware)
{
	struct snp_update_args args = {
		.gfn_start = gpa / 4096, .uaddr = (uintptr_t)from, .len = size, .type = type,
	};
	int r;

	/* A signal may cut it short, which is no error. */
	do {
		r = __snp_command(vm, SNP_LAUNCH_UPDATE, &args, firmware);
	} while ((!r && args.len) || r == -EINTR);
	return r;
}

void snp_init(struct vm *vm)
{
	struct snp_init_args init = { 0 };
	struct snp_start_args start = { .policy = SNP_POLICY };

	command(vm, SNP_INIT2, &init, "KVM_SEV_INIT2");
	command(vm, SNP_LAUNCH_START, &start, "KVM_SEV_SNP_LAUNCH_START");
	vm->c_mask = 1ull << snp_c_bit();
	alias_init(vm);
}

void snp_launch(struct vm *vm)
{
	struct snp_finish_args finish = { 0 };
	uint32_t firmware;
	int r;

	if (tdp_mmu_off() && !vm->any_mmu)
		verdict_skip("SNP guests without the TDP MMU: docs/findings.md, 20");
	attributes_set(vm, AGENT_CONTROL_GPA, AGENT_OWN_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	r = __snp_update(vm, SNP_PAGE_NORMAL, AGENT_CONTROL_GPA, AGENT_OWN_SIZE, vm->control,
			 &firmware);
	if (r)
		verdict_fail(VERDICT_SETUP, "launch of the agent: %s, firmware error %#x",
			     strerror(-r), firmware);
	command(vm, SNP_LAUNCH_FINISH, &finish, "KVM_SEV_SNP_LAUNCH_FINISH");
}
