// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "abi/x86/agent_arch.h"
#include "harness/verdict.h"
#include "machine/alias.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/memslot.h"
#include "machine/x86/tdx.h"

#define LEAVES_MAX	256u	/* KVM_MAX_CPUID_ENTRIES */
#define IRQCHIP_PINS	24
#define MSI_ADDRESS	0xfee00000u	/* Intel SDM, volume 3, 12.11 */

static const struct vm_type *type_of(enum vm_guest guest)
{
	const struct vm_type *type = vm_types;

	while (type->guest != guest)
		type++;
	return type;
}

const struct vm_type *tdx_type(void)
{
	const struct vm_type *type = type_of(VM_GUEST_TDX);

	if (!vm_type_offered(type))
		verdict_skip("KVM offers no TDX guests (KVM_CAP_VM_TYPES is %#x, bit %u is not set)",
			     kvm_cap(KVM_CAP_VM_TYPES), KVM_X86_TDX_VM);
	return type;
}

const struct vm_type *tdx_played_type(void)
{
	return type_of(VM_GUEST_TDX_PLAYED);
}

int __tdx_command(int fd, uint32_t id, uint32_t flags, const void *data, uint64_t *module)
{
	struct tdx_command command = { .id = id, .flags = flags, .data = (uintptr_t)data };
	int r = __kvm_ioctl(fd, KVM_MEMORY_ENCRYPT_OP, &command);

	if (module)
		*module = command.hw_error;
	return r;
}

static void command(int fd, uint32_t id, const void *data, const char *what)
{
	uint64_t module;
	int r;

	/* Another command is under way in the module. */
	do {
		r = __tdx_command(fd, id, 0, data, &module);
	} while (r == -EBUSY || r == -EINTR);
	if (r)
		verdict_fail(VERDICT_SETUP, "%s: %s, TDX module %#llx", what, strerror(-r),
			     (unsigned long long)module);
}

static void *with_leaves(size_t head)
{
	void *p = calloc(1, head + LEAVES_MAX * sizeof(struct tdx_leaf_bits));

	verdict_require(p, "out of memory");
	return p;
}

struct tdx_capabilities *tdx_capabilities(const struct vm *vm)
{
	struct tdx_capabilities *caps = with_leaves(sizeof(*caps));

	caps->leaves.count = LEAVES_MAX;
	command(vm->fd, TDX_CAPABILITIES, caps, "KVM_TDX_CAPABILITIES");
	return caps;
}

struct tdx_init_vm *tdx_init_args(const struct vm *vm)
{
	struct tdx_capabilities *caps = tdx_capabilities(vm);
	struct tdx_init_vm *init = with_leaves(sizeof(*init));
	struct tdx_leaves *cpu = with_leaves(sizeof(*cpu));

	cpu->count = LEAVES_MAX;
	kvm_ioctl(kvm_dev(), KVM_GET_SUPPORTED_CPUID, cpu);
	if (tdx_init_vm_fill(init, caps, cpu))
		verdict_fail(VERDICT_ABI, "KVM_TDX_CAPABILITIES: no leaf 0x80000008");
	free(cpu);
	free(caps);
	return init;
}

void tdx_split_irqchip(struct vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_SPLIT_IRQCHIP, .args[0] = IRQCHIP_PINS };

	vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}

unsigned int tdx_vcpus(const struct vm *vm)
{
	const unsigned int most = vm_cap(vm, KVM_CAP_MAX_VCPUS);

	return most && most < TDX_VCPUS ? most : TDX_VCPUS;
}

static void reset_page(struct vm *vm)
{
	struct memslot slot = { .id = vm->next_slot++, .gpa = TDX_RESET_GPA, .size = 4096 };

	vm->reset = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	verdict_require(vm->reset != MAP_FAILED, "mmap of the reset page");
	slot.hva = vm->reset;
	if (vm->type->encrypted) {
		vm->reset_gmem = gmem_create(vm, 4096, 0);
		slot.flags = KVM_MEM_GUEST_MEMFD;
		slot.gmem = vm->reset_gmem;
	}
	memslot_set(vm, &slot);
}

void tdx_init(struct vm *vm)
{
	struct tdx_init_vm *init;

	tdx_split_irqchip(vm);
	if (vm->type->guest == VM_GUEST_TDX) {
		init = tdx_init_args(vm);
		command(vm->fd, TDX_INIT_VM, init, "KVM_TDX_INIT_VM");
		free(init);
		vm->shared_mask = TDX_SHARED;
	}
	reset_page(vm);
	alias_init(vm);
}

void tdx_vcpu_init(struct vcpu *vcpu, uint64_t mailbox)
{
	struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, mailbox);
	struct tdx_leaves *cpuid = with_leaves(sizeof(*cpuid));

	cpuid->count = LEAVES_MAX;
	command(vcpu->fd, TDX_GET_CPUID, cpuid, "KVM_TDX_GET_CPUID");
	vcpu_ioctl(vcpu, KVM_SET_CPUID2, cpuid);
	free(cpuid);
	command(vcpu->fd, TDX_INIT_VCPU, NULL, "KVM_TDX_INIT_VCPU");
	mb->tdx = 1;
}

static void add(struct vm *vm, int vcpu, uint64_t gpa, uint64_t size, const void *from)
{
	struct tdx_region_args region = {
		.source_addr = (uintptr_t)from, .gpa = gpa, .nr_pages = size / 4096,
	};

	attributes_set(vm, gpa, size, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	/* A signal leaves the rest in it. */
	command(vcpu, TDX_INIT_MEM_REGION, &region, "KVM_TDX_INIT_MEM_REGION");
}

void tdx_launch(struct vm *vm)
{
	add(vm, vm->spare_vcpus[0], AGENT_CONTROL_GPA, AGENT_OWN_SIZE, vm->control);
	add(vm, vm->spare_vcpus[0], TDX_RESET_GPA, 4096, vm->reset);
	command(vm->fd, TDX_FINALIZE_VM, NULL, "KVM_TDX_FINALIZE_VM");
}

int tdx_interrupt(const struct vcpu *vcpu)
{
	struct kvm_msi msi = { .address_lo = MSI_ADDRESS | vcpu->id << 12,
			       .data = AGENT_INTERRUPT };
	int r = __vm_ioctl(vcpu->vm, KVM_SIGNAL_MSI, &msi);

	return r < 0 ? r : 0;
}
