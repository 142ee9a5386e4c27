// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/machine_arch.h"
#include "machine/vcpu.h"

#define VCPU_STACK_SIZE	0x4000

/* Give a vCPU stack, mailbox and registers. */
static void boot(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	uint64_t stack = vm_control_alloc(vm, VCPU_STACK_SIZE) + VCPU_STACK_SIZE;
	struct agent_mailbox *mb;

	vcpu->mailbox = vm_control_alloc(vm, sizeof(struct agent_mailbox));
	mb = vm_control_ptr(vm, vcpu->mailbox);
	mb->vcpu = vcpu->id;
	mb->control = vm->shared;
	arch_vcpu_boot(vcpu, AGENT_CONTROL_GPA, stack, vcpu->mailbox);
}

/* The registers of an encrypted guest's vCPUs are part of what is launched. */
static void launch(struct vm *vm, unsigned int count)
{
	unsigned int i;

	vm->spare_mailboxes = calloc(count, sizeof(*vm->spare_mailboxes));
	verdict_require(vm->spare_mailboxes, "out of memory");
	for (i = 0; i < count; i++) {
		struct vcpu vcpu = { .vm = vm, .id = i, .fd = vm->spare_vcpus[i] };

		boot(&vcpu);
		vm->spare_mailboxes[i] = vcpu.mailbox;
	}
	arch_vm_launch(vm);
}

static void create_ahead(struct vm *vm, unsigned int count)
{
	unsigned int i;

	vm->spare_vcpus = malloc(VM_VCPUS_MAX * sizeof(*vm->spare_vcpus));
	verdict_require(vm->spare_vcpus, "out of memory");
	for (i = 0; i < VM_VCPUS_MAX; i++)
		vm->spare_vcpus[i] = i < count ?
			vm_ioctl(vm, KVM_CREATE_VCPU, (void *)(long)i) : -1;
	if (vm->type->encrypted)
		launch(vm, count);
}

/* A vCPU that exists already, or a new one. */
static int take_fd(struct vm *vm, unsigned int id)
{
	const unsigned int first = arch_vcpus_first(vm);
	int fd;

	if (!vm->spare_vcpus && first)
		create_ahead(vm, first);
	if (!vm->spare_vcpus || id >= VM_VCPUS_MAX || vm->spare_vcpus[id] < 0)
		return vm_ioctl(vm, KVM_CREATE_VCPU, (void *)(long)id);
	fd = vm->spare_vcpus[id];
	vm->spare_vcpus[id] = -1;
	return fd;
}

struct vcpu *vcpu_create_bare(struct vm *vm, unsigned int id)
{
	struct vcpu *vcpu = calloc(1, sizeof(*vcpu));

	verdict_require(vcpu, "out of memory");
	vcpu->vm = vm;
	vcpu->id = id;
	vcpu->fd = take_fd(vm, id);
	vcpu->run_size = kvm_ioctl(kvm_dev(), KVM_GET_VCPU_MMAP_SIZE, NULL);
	vcpu->run = mmap(NULL, vcpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	verdict_require(vcpu->run != MAP_FAILED, "mmap of kvm_run");
	return vcpu;
}

struct vcpu *vcpu_create(struct vm *vm, unsigned int id)
{
	struct vcpu *vcpu = vcpu_create_bare(vm, id);

	if (!vm->spare_mailboxes)
		boot(vcpu);
	else if (id < arch_vcpus_first(vm))
		vcpu->mailbox = vm->spare_mailboxes[id];
	else
		verdict_skip("VM type %s has %u vCPUs, as many as were launched", vm->type->name,
			     arch_vcpus_first(vm));
	return vcpu;
}

void vcpu_destroy(struct vcpu *vcpu)
{
	munmap(vcpu->run, vcpu->run_size);
	close(vcpu->fd);
	free(vcpu);
}

static struct vcpu_exit decode_error(const struct vcpu *vcpu, int error)
{
	const struct exit_memory_fault *f = exit_memory_fault(vcpu->run);
	struct vcpu_exit exit = { .kind = VCPU_EXIT_ERROR, .error = error };

	/* KVM_RUN fails with -EFAULT or -EHWPOISON and fills in the exit (api.rst, 5). */
	if (vcpu->run->exit_reason == KVM_EXIT_MEMORY_FAULT &&
	    (error == -EFAULT || error == -EHWPOISON)) {
		exit.kind = VCPU_EXIT_MEMORY_FAULT;
		exit.gpa = f->gpa;
		exit.size = f->size;
		exit.flags = f->flags;
		exit.private = f->flags & KVM_MEMORY_EXIT_FLAG_PRIVATE;
	} else if (error == -EINTR || error == -EAGAIN) {
		exit.kind = VCPU_EXIT_INTERRUPTED;
	}
	return exit;
}

struct vcpu_exit vcpu_run(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct vcpu_exit exit = { .kind = VCPU_EXIT_OTHER };
	unsigned int i;
	int r;

	/*
	 * An error leaves the reason of an earlier exit behind: only a fresh memory fault
	 * counts.  The others stay: by KVM_EXIT_MMIO arm64 knows that there is an answer.
	 */
	if (run->exit_reason == KVM_EXIT_MEMORY_FAULT)
		run->exit_reason = KVM_EXIT_UNKNOWN;
	r = __vcpu_ioctl(vcpu, KVM_RUN, NULL);
	if (r < 0)
		return decode_error(vcpu, r);

	exit.detail = run->exit_reason;
	vcpu->mmio_answer = NULL;
	if (arch_exit_decode(vcpu, &exit))
		return exit;
	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		exit.kind = VCPU_EXIT_MMIO;
		exit.gpa = run->mmio.phys_addr;
		exit.size = run->mmio.len;
		exit.write = run->mmio.is_write;
		memcpy(&exit.data, run->mmio.data, sizeof(exit.data));
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		exit.kind = VCPU_EXIT_INTERNAL_ERROR;
		exit.detail = run->internal.suberror;
		for (i = 0; i < run->internal.ndata && i < 4; i++)
			exit.internal[i] = run->internal.data[i];
		break;
	case KVM_EXIT_DIRTY_RING_FULL:
		exit.kind = VCPU_EXIT_RING_FULL;
		break;
	case KVM_EXIT_SHUTDOWN:
	case KVM_EXIT_SYSTEM_EVENT:
		exit.kind = VCPU_EXIT_SHUTDOWN;
		break;
	}
	return exit;
}

void vcpu_mmio_answer(struct vcpu *vcpu, uint64_t data)
{
	if (vcpu->mmio_answer)
		*vcpu->mmio_answer = data;
	else
		memcpy(vcpu->run->mmio.data, &data, sizeof(data));
}

void vcpu_exit_describe(const struct vcpu_exit *exit, char *text, size_t size)
{
	static const char *const names[] = {
		[VCPU_EXIT_DOORBELL] = "doorbell",
		[VCPU_EXIT_CONVERT] = "conversion request",
		[VCPU_EXIT_MEMORY_FAULT] = "KVM_EXIT_MEMORY_FAULT",
		[VCPU_EXIT_MMIO] = "KVM_EXIT_MMIO",
		[VCPU_EXIT_INTERNAL_ERROR] = "KVM_EXIT_INTERNAL_ERROR",
		[VCPU_EXIT_SHUTDOWN] = "KVM_EXIT_SHUTDOWN",
		[VCPU_EXIT_RING_FULL] = "KVM_EXIT_DIRTY_RING_FULL",
		[VCPU_EXIT_INTERRUPTED] = "interrupted",
		[VCPU_EXIT_ERROR] = "KVM_RUN failed",
		[VCPU_EXIT_OTHER] = "exit",
	};
	size_t used;

	snprintf(text, size, "%s: error %d, gpa %#llx, size %#llx, flags %#llx%s%s, detail %llu",
		 names[exit->kind], exit->error, (unsigned long long)exit->gpa,
		 (unsigned long long)exit->size, (unsigned long long)exit->flags,
		 exit->private ? ", private" : "", exit->write ? ", write" : "",
		 (unsigned long long)exit->detail);
	used = strlen(text);
	if (exit->kind == VCPU_EXIT_INTERNAL_ERROR)
		snprintf(text + used, size - used, ", data %#llx %#llx %#llx %#llx",
			 (unsigned long long)exit->internal[0],
			 (unsigned long long)exit->internal[1],
			 (unsigned long long)exit->internal[2],
			 (unsigned long long)exit->internal[3]);
}

int __vcpu_pre_fault(struct vcpu *vcpu, uint64_t gpa, uint64_t size)
{
	struct kvm_pre_fault_memory range = { .gpa = gpa, .size = size };
	int r;

	do {
		r = __vcpu_ioctl(vcpu, KVM_PRE_FAULT_MEMORY, &range);
		verdict_progress();
	} while ((!r && range.size) || r == -EAGAIN || r == -EINTR);
	return r;
}
