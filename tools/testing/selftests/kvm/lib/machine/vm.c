// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/options.h"
#include "harness/verdict.h"
#include "machine/gmem.h"
#include "machine/machine_arch.h"
#include "machine/memslot.h"
#include "machine/vm.h"

bool vm_type_offered(const struct vm_type *type)
{
	return type == vm_default || arch_vm_type_offered(type);
}

/* Types with private memory in which the agent boots. */
static bool suits(const struct vm_type *type)
{
	return type->private_memory && type->agent_boots;
}

const char *options_vm_type_name(unsigned int number)
{
	const struct vm_type *type;

	for (type = vm_types; type->name; type++)
		if (suits(type) && !number--)
			return type->name;
	return NULL;
}

const struct vm_type *vm_type_private(void)
{
	const char *wanted = options_vm_type();
	const struct vm_type *type;

	for (type = vm_types; type->name; type++)
		if (suits(type) && vm_type_offered(type) &&
		    (!wanted || !strcmp(wanted, type->name)))
			return type;
	return NULL;
}

struct vm *vm_create_bare(const struct vm_type *type)
{
	static unsigned int count;
	struct vm *vm = calloc(1, sizeof(*vm));

	verdict_require(vm, "out of memory");
	if (!vm_type_offered(type))
		verdict_skip("VM type %s is not offered by this kernel (KVM_CAP_VM_TYPES %#x)",
			     type->name, kvm_cap(KVM_CAP_VM_TYPES));
	vm->fd = __kvm_ioctl(kvm_dev(), KVM_CREATE_VM, (void *)arch_vm_type(type));
	if (vm->fd < 0)
		verdict_fail(VERDICT_SETUP, "KVM_CREATE_VM of type %s: %s", type->name,
			     strerror(-vm->fd));
	vm->type = type;
	vm->control_gmem = vm->reset_gmem = -1;
	vm->number = __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED) & 0xf;
	vm->next_slot = VM_CONTROL_SLOT + 1;
	pthread_mutex_init(&vm->lock, NULL);
	pthread_mutex_init(&vm->files.lock, NULL);
	return vm;
}

static void control_init(struct vm *vm)
{
	struct memslot slot;

	vm->control = mmap(NULL, AGENT_CONTROL_SIZE, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	verdict_require(vm->control != MAP_FAILED, "mmap of the control memslot");
	memcpy(vm->control, agent_image, agent_image_end - agent_image);
	vm->control_used = AGENT_OWN_SIZE;
	vm->tables_used = AGENT_IMAGE_MAX;
	if (vm->type->encrypted)
		vm->control_gmem = gmem_create(vm, AGENT_CONTROL_SIZE, 0);
	slot = memslot_control(vm);
	memslot_set(vm, &slot);
	vm->shared = vm_control_alloc(vm, sizeof(struct agent_control));
}

struct vm *vm_create(const struct vm_type *type)
{
	struct vm *vm;

	if (!type->agent_boots)
		verdict_skip("the agent does not boot in VM type %s", type->name);
	vm = vm_create_bare(type);
	control_init(vm);
	arch_vm_init(vm);
	return vm;
}

void vm_destroy(struct vm *vm)
{
	unsigned int i;

	for (i = 0; vm->spare_vcpus && i < VM_VCPUS_MAX; i++)
		if (vm->spare_vcpus[i] >= 0)
			close(vm->spare_vcpus[i]);
	free(vm->spare_vcpus);
	free(vm->spare_mailboxes);
	close(vm->fd);
	if (vm->control_gmem >= 0)
		close(vm->control_gmem);
	if (vm->reset_gmem >= 0)
		close(vm->reset_gmem);
	if (vm->reset)
		munmap(vm->reset, 4096);
	if (vm->control)
		munmap(vm->control, AGENT_CONTROL_SIZE);
	pthread_mutex_destroy(&vm->files.lock);
	pthread_mutex_destroy(&vm->lock);
	free(vm);
}

int vm_cap(const struct vm *vm, int cap)
{
	int r = __vm_ioctl(vm, KVM_CHECK_EXTENSION, (void *)(long)cap);

	return r < 0 ? 0 : r;
}

uint64_t vm_control_alloc(struct vm *vm, uint64_t size)
{
	uint64_t offset = vm->control_used;

	size = (size + 4095) & ~4095ull;
	if (offset + size > AGENT_CONTROL_SIZE)
		verdict_fail(VERDICT_SETUP, "control memslot is full: %llu bytes wanted, %llu left",
			     (unsigned long long)size,
			     (unsigned long long)(AGENT_CONTROL_SIZE - offset));
	vm->control_used += size;
	return AGENT_CONTROL_GPA + offset;
}

uint64_t vm_table_alloc(struct vm *vm)
{
	uint64_t offset = vm->tables_used;

	if (offset + 4096 > AGENT_OWN_SIZE)
		verdict_fail(VERDICT_SETUP, "no room for more page tables of the guest");
	vm->tables_used += 4096;
	return AGENT_CONTROL_GPA + offset;
}

void *vm_control_ptr(const struct vm *vm, uint64_t gpa)
{
	return vm->control + (gpa - AGENT_CONTROL_GPA);
}

struct agent_control *vm_control(const struct vm *vm)
{
	return vm_control_ptr(vm, vm->shared);
}
