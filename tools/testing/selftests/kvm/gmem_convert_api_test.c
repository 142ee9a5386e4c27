// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every argument of KVM_SET_MEMORY_ATTRIBUTES2 on a guest_memfd, and who else refuses it.  What a
 * call that is refused says in error_offset counts, too: nothing, but for a conversion that began.
 */
#include <string.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "memory/memory.h"
#include "scenario/sweep.h"

/* Whatever the caller leaves in error_offset stays there unless the kernel has something to say. */
#define UNTOUCHED	0x5ca1ab1e5ca1ab1eull

static int call(int fd, struct kvm_memory_attributes2 *a)
{
	a->error_offset = UNTOUCHED;
	return __kvm_ioctl(fd, KVM_SET_MEMORY_ATTRIBUTES2, a);
}

static void try(struct sweep *api, int expected, const struct kvm_memory_attributes2 *args,
		const char *what)
{
	struct kvm_memory_attributes2 a = *args;
	int r = call(api->file, &a);

	sweep_expect(api, expected, r,
		     "KVM_SET_MEMORY_ATTRIBUTES2, %s: offset %#llx, size %#llx, attributes %#llx, flags %#llx",
		     what, a.offset, a.size, a.attributes, a.flags);
	if (a.error_offset != UNTOUCHED)
		sweep_wrong(api, "KVM_SET_MEMORY_ATTRIBUTES2, %s: error_offset is %#llx, expected as it was",
			    what, a.error_offset);
}

/* The file's pages 0 and SWEEP_FILE_PAGES - 1 are in no memslot. */
static struct kvm_memory_attributes2 good(void)
{
	return (struct kvm_memory_attributes2){
		.size = getpagesize(), .attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE,
	};
}

static bool converts(const struct sweep *api)
{
	return vm_cap(api->vm, KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES) &
	       KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

/* On a VM without private memory every row is EINVAL: there is nothing to convert. */
static void ranges(struct sweep *api)
{
	static const struct { struct sweep_bytes offset, size; int expected; } rows[] = {
		{ WHOLE_PAGES(0), WHOLE_PAGES(1), 0 },
		{ WHOLE_PAGES(SWEEP_FILE_PAGES - 1), WHOLE_PAGES(1), 0 },
		/* "size == 0 || offset + size < offset" */
		{ WHOLE_PAGES(0), WHOLE_PAGES(0), EINVAL },
		{ WHOLE_PAGES(1), FROM_2_64(-1), EINVAL },
		{ FROM_2_64(-1), WHOLE_PAGES(1), EINVAL },
		{ FROM_2_64(-1), WHOLE_PAGES(2), EINVAL },
		/* not aligned */
		{ PAGES_AND(0, 1), WHOLE_PAGES(1), EINVAL },
		{ PAGES_AND(1, -1), WHOLE_PAGES(1), EINVAL },
		{ PAGES_AND(0, 512), PAGES_AND(1, -512), EINVAL },
		{ WHOLE_PAGES(0), PAGES_AND(0, 1), EINVAL },
		{ WHOLE_PAGES(0), PAGES_AND(1, -1), EINVAL },
		{ WHOLE_PAGES(0), PAGES_AND(1, 1), EINVAL },
		/* beyond the end */
		{ WHOLE_PAGES(SWEEP_FILE_PAGES), WHOLE_PAGES(1), EINVAL },
		{ WHOLE_PAGES(SWEEP_FILE_PAGES - 1), WHOLE_PAGES(2), EINVAL },
		{ WHOLE_PAGES(0), WHOLE_PAGES(SWEEP_FILE_PAGES + 1), EINVAL },
		{ FROM_2_63(-1), WHOLE_PAGES(1), EINVAL },
		{ FROM_2_63(0), WHOLE_PAGES(1), EINVAL },
	};
	unsigned int i, twice;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kvm_memory_attributes2 a = good();
		const int expected = converts(api) ? rows[i].expected : EINVAL;

		a.offset = sweep_bytes(rows[i].offset);
		a.size = sweep_bytes(rows[i].size);
		/* The second time there is nothing to do. */
		for (twice = 0; twice < 2; twice++)
			try(api, expected, &a, "range");
		a.attributes = 0;
		try(api, expected, &a, "range back");
	}
}

static void values(struct sweep *api)
{
	struct kvm_memory_attributes2 a;
	unsigned int bit, i;

	for (bit = 0; bit < 64; bit++) {
		a = good();
		a.attributes = 1ull << bit;
		try(api, converts(api) && a.attributes == KVM_MEMORY_ATTRIBUTE_PRIVATE ? 0 : EINVAL,
		    &a, "one attribute");
		a.attributes |= KVM_MEMORY_ATTRIBUTE_PRIVATE;
		try(api, converts(api) && a.attributes == KVM_MEMORY_ATTRIBUTE_PRIVATE ? 0 : EINVAL,
		    &a, "one more attribute");
		a = good();
		a.flags = 1ull << bit;
		try(api, EINVAL, &a, "flags");
	}
	for (i = 0; i < ARRAY_SIZE(a.reserved); i++)
		for (bit = 0; bit < 64; bit += 21) {
			a = good();
			a.reserved[i] = 1ull << bit;
			try(api, EINVAL, &a, "reserved[]");
		}
	/* copy_from_user(), before anything is looked at. */
	sweep_expect(api, EFAULT, __kvm_ioctl(api->file, KVM_SET_MEMORY_ATTRIBUTES2, NULL),
		     "KVM_SET_MEMORY_ATTRIBUTES2 of a NULL pointer");
}

/* The number is that of the VM's own call, the size is not. */
static void elsewhere(struct sweep *api)
{
	struct kvm_memory_attributes2 a = good();

	a.size = 0;
	sweep_expect(api, ENOTTY, call(api->vm->fd, &a), "KVM_SET_MEMORY_ATTRIBUTES2 on the VM");
	/* kvm_arch_vcpu_ioctl() has another errno for what it does not know. */
	sweep_expect(api, EINVAL, call(api->agent->vcpu->fd, &a),
		     "KVM_SET_MEMORY_ATTRIBUTES2 on a vCPU");
	sweep_expect(api, ENOTTY, __kvm_ioctl(api->file, KVM_SET_MEMORY_ATTRIBUTES, &a),
		     "KVM_SET_MEMORY_ATTRIBUTES on a guest_memfd");
	sweep_expect(api, ENOTTY, __kvm_ioctl(api->file, KVM_CREATE_VCPU, NULL),
		     "KVM_CREATE_VCPU on a guest_memfd");
}

static void run_sweep(const struct run *run)
{
	attributes_require(ATTRIBUTES_OF_FILE);
	sweep_run(run);
}

/* One of the two keeps attributes, and the other one says so. */
static void run_capabilities(const struct run *run)
{
	struct kvm_memory_attributes private = {
		.address = AGENT_TEST_GPA, .size = getpagesize(),
		.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE,
	}, shared = private;
	int vm_cap_old, r;
	struct vm *vm;

	(void)run;
	attributes_require(ATTRIBUTES_OF_FILE);
	vm = vm_create_bare(memory_vm_type(MEMORY_INPLACE));
	vm_cap_old = vm_cap(vm, KVM_CAP_MEMORY_ATTRIBUTES);
	if (vm_cap_old || kvm_cap(KVM_CAP_MEMORY_ATTRIBUTES))
		verdict_fail(VERDICT_ABI, "KVM_CAP_MEMORY_ATTRIBUTES is %#x on a VM whose guest_memfds keep attributes, expected 0",
			     vm_cap_old);
	if (vm_cap(vm, KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES) != KVM_MEMORY_ATTRIBUTE_PRIVATE)
		verdict_fail(VERDICT_ABI, "KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES is %#x, expected PRIVATE alone",
			     vm_cap(vm, KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES));
	if (!(gmem_flags(vm) & GUEST_MEMFD_FLAG_INIT_SHARED))
		verdict_fail(VERDICT_ABI, "GUEST_MEMFD_FLAG_INIT_SHARED is not offered on a VM whose guest_memfds keep attributes");
	shared.attributes = 0;
	r = __vm_ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, &private);
	if (r != -EINVAL && r != -ENOTTY)
		verdict_fail(VERDICT_ABI, "KVM_SET_MEMORY_ATTRIBUTES PRIVATE on the VM: %s, expected EINVAL or ENOTTY",
			     strerror(-r));
	if (__vm_ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, &shared) != (r == -ENOTTY ? r : 0))
		verdict_fail(VERDICT_ABI, "KVM_SET_MEMORY_ATTRIBUTES 0 on the VM does not say the same as PRIVATE");
	vm_destroy(vm);
	vm = vm_create_bare(vm_default);
	if (!vm_default->private_memory && vm_cap(vm, KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES))
		verdict_fail(VERDICT_ABI, "KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES is %#x on a VM without private memory, expected 0",
			     vm_cap(vm, KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES));
	vm_destroy(vm);
}

#define SWEEP(fn)	run_sweep, &(const struct sweep_subject){ fn }

static const struct subtest subtests[] = {
	{ "convert-api/capabilities", "one of VM and guest_memfd keeps attributes, and the other refuses them",
	  run_capabilities },
	{ "convert-api/ranges", "a conversion takes aligned ranges inside of the file, and no others",
	  SWEEP(ranges) },
	{ "convert-api/values", "a conversion takes PRIVATE or nothing, no flags, nothing reserved",
	  SWEEP(values) },
	{ "convert-api/elsewhere", "KVM_SET_MEMORY_ATTRIBUTES2 is an ioctl of guest_memfd alone",
	  SWEEP(elsewhere) },
};

TEST_PROGRAM("gmem_convert_api_test", subtests)
