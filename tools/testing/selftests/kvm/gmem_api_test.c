// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every argument of KVM_CREATE_GUEST_MEMFD and KVM_SET_MEMORY_ATTRIBUTES.  The same for
 * KVM_SET_USER_MEMORY_REGION2 is in gmem_memslot_test and gmem_bind_test, for
 * KVM_PRE_FAULT_MEMORY in gmem_prefault_test, for calls on the file in gmem_file_test.
 */
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "abi/array.h"
#include "machine/attributes.h"
#include "scenario/api_errno.h"
#include "scenario/sweep.h"

static void create_size(struct sweep *api)
{
	/* kvm_gmem_create(): "size <= 0 || !PAGE_ALIGNED(size)", size signed; no upper limit. */
	static const struct { struct sweep_bytes size; int expected; } rows[] = {
		{ WHOLE_PAGES(1), 0 },
		{ WHOLE_PAGES(513), 0 },
		{ WHOLE_PAGES(1 << 20), 0 },
		{ FROM_2_63(-1), 0 },
		{ WHOLE_PAGES(0), EINVAL },
		{ PAGES_AND(0, 1), EINVAL },
		{ PAGES_AND(1, -1), EINVAL },
		{ PAGES_AND(1, 1), EINVAL },
		{ PAGES_AND(0, 512), EINVAL },
		{ PAGES_AND(0, INT64_MAX), EINVAL },
		{ FROM_2_63(0), EINVAL },
		{ FROM_2_63(1), EINVAL },
		{ FROM_2_64(-1), EINVAL },
		{ PAGES_AND(0, -1), EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t size = sweep_bytes(rows[i].size);
		int fd = __gmem_create(api->vm, size, api->flags);
		struct stat st;

		if (!sweep_expect(api, rows[i].expected, fd, "KVM_CREATE_GUEST_MEMFD size %#llx",
				(unsigned long long)size))
			continue;
		if (fstat(fd, &st) || (uint64_t)st.st_size != size)
			sweep_wrong(api, "KVM_CREATE_GUEST_MEMFD size %#llx: st_size is %#llx",
				  (unsigned long long)size, (unsigned long long)st.st_size);
		close(fd);
	}
}

static void try_flags(struct sweep *api, uint64_t flags)
{
	int expected = flags & ~gmem_flags(api->vm) ? EINVAL : 0;
	int fd = __gmem_create(api->vm, getpagesize(), flags);

	if (sweep_expect(api, expected, fd, "KVM_CREATE_GUEST_MEMFD flags %#llx",
		       (unsigned long long)flags))
		close(fd);
}

/* kvm_gmem_create(): "flags & ~supported", which is KVM_CAP_GUEST_MEMFD_FLAGS of the VM. */
static void create_flags(struct sweep *api)
{
	uint64_t all = gmem_flags(api->vm), flags = all;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		try_flags(api, 1ull << bit);
		try_flags(api, all | 1ull << bit);
	}
	/* Every combination of those that are supported, down to none. */
	for (;; flags = (flags - 1) & all) {
		try_flags(api, flags);
		if (!flags)
			break;
	}
	try_flags(api, ~0ull);
}

static void create_args(struct sweep *api)
{
	struct kvm_create_guest_memfd args = { .size = getpagesize(), .flags = api->flags };
	struct rlimit limit, none = { 0 };
	int fd;

	/* kvm_vm_ioctl(): copy_from_user(). */
	sweep_expect(api, EFAULT, __vm_ioctl(api->vm, KVM_CREATE_GUEST_MEMFD, NULL),
		   "KVM_CREATE_GUEST_MEMFD of a NULL pointer");
	/* kvm_gmem_create() does not look at reserved[]; api.rst, 4.142 does not ask for zero. */
	memset(args.reserved, 0xff, sizeof(args.reserved));
	fd = __vm_ioctl(api->vm, KVM_CREATE_GUEST_MEMFD, &args);
	if (sweep_expect(api, 0, fd, "KVM_CREATE_GUEST_MEMFD with all of reserved[] set"))
		close(fd);
	/* __kvm_gmem_create(): get_unused_fd_flags(). */
	getrlimit(RLIMIT_NOFILE, &limit);
	none.rlim_max = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &none);
	fd = __gmem_create(api->vm, getpagesize(), api->flags);
	setrlimit(RLIMIT_NOFILE, &limit);
	if (sweep_expect(api, EMFILE, fd, "KVM_CREATE_GUEST_MEMFD with no descriptor left"))
		close(fd);
}

/*
 * Without CONFIG_KVM_GENERIC_MEMORY_ATTRIBUTES, since 7.4 CONFIG_KVM_VM_MEMORY_ATTRIBUTES, there
 * is no such call.  With it, and no attribute to set, there is: what it refuses is for the rows.
 */
static bool attributes_of_vm_known(const struct sweep *api)
{
	struct kvm_memory_attributes nothing = {
		.address = SWEEP_SPARE_GPA, .size = getpagesize(),
	};
	int r = __vm_ioctl(api->vm, KVM_SET_MEMORY_ATTRIBUTES, &nothing);

	return kvm_cap(KVM_CAP_MEMORY_ATTRIBUTES) || (r != -ENOTTY && r != -EINVAL);
}

static void try_attributes(struct sweep *api, int expected, const struct kvm_memory_attributes *a)
{
	struct kvm_memory_attributes args = *a;

	/* kvm_vm_ioctl_set_mem_attributes(): "attributes & ~supported". */
	if (a->attributes & ~attributes_supported(api->vm))
		expected = EINVAL;
	if (!attributes_of_vm_known(api))
		expected = API_UNKNOWN_IOCTL;
	sweep_expect(api, expected, __vm_ioctl(api->vm, KVM_SET_MEMORY_ATTRIBUTES, &args),
		   "KVM_SET_MEMORY_ATTRIBUTES gpa %#llx, size %#llx, attributes %#llx, flags %#llx",
		   (unsigned long long)a->address, (unsigned long long)a->size,
		   (unsigned long long)a->attributes, (unsigned long long)a->flags);
}

/*
 * Refused calls aim at the victim and ask for shared memory, accepted ones at gpas
 * without a memslot, which is allowed.  The only limit is 2^64, so that a huge range
 * would keep the kernel busy for years: there is none among the rows.
 */
static void attributes_range(struct sweep *api)
{
	static const struct {
		enum sweep_base base;
		struct sweep_bytes offset, size;
		int expected;
	} rows[] = {
		{ SWEEP_FROM_SPARE, WHOLE_PAGES(0), WHOLE_PAGES(1), 0 },
		{ SWEEP_FROM_SPARE, WHOLE_PAGES(0), WHOLE_PAGES(513), 0 },
		{ SWEEP_FROM_ZERO, FROM_2_64(-2), WHOLE_PAGES(1), 0 },
		/* kvm_vm_ioctl_set_mem_attributes(): "size == 0 || address + size < address". */
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), WHOLE_PAGES(0), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), FROM_2_64(-1), EINVAL },
		{ SWEEP_FROM_ZERO, FROM_2_64(-1), WHOLE_PAGES(1), EINVAL },
		{ SWEEP_FROM_ZERO, FROM_2_64(-1), WHOLE_PAGES(2), EINVAL },
		{ SWEEP_FROM_ZERO, WHOLE_PAGES(1), FROM_2_64(-1), EINVAL },
		/* The same function: !PAGE_ALIGNED. */
		{ SWEEP_FROM_VICTIM, PAGES_AND(0, 1), WHOLE_PAGES(1), EINVAL },
		{ SWEEP_FROM_VICTIM, PAGES_AND(1, -1), WHOLE_PAGES(1), EINVAL },
		{ SWEEP_FROM_VICTIM, PAGES_AND(0, 512), PAGES_AND(1, -512), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), PAGES_AND(0, 1), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), PAGES_AND(1, -1), EINVAL },
		{ SWEEP_FROM_VICTIM, WHOLE_PAGES(0), PAGES_AND(1, 1), EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kvm_memory_attributes a = {
			.address = sweep_gpa(rows[i].base, rows[i].offset),
			.size = sweep_bytes(rows[i].size),
		};

		if (!rows[i].expected) {
			a.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE;
			try_attributes(api, 0, &a);
			/* Nothing to do the second time. */
			try_attributes(api, 0, &a);
			a.attributes = 0;
		}
		try_attributes(api, rows[i].expected, &a);
	}
}

static void attributes_values(struct sweep *api)
{
	struct kvm_memory_attributes a = { .address = SWEEP_GPA, .size = getpagesize() };
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		/* KVM_CAP_MEMORY_ATTRIBUTES; PRIVATE is what the victim's page is already. */
		a.flags = 0;
		a.attributes = 1ull << bit;
		try_attributes(api, 0, &a);
		/* kvm_vm_ioctl_set_mem_attributes(): no flags yet. */
		a.attributes = 0;
		a.flags = 1ull << bit;
		try_attributes(api, EINVAL, &a);
	}
	sweep_expect(api, attributes_of_vm_known(api) ? EFAULT : API_UNKNOWN_IOCTL,
		   __vm_ioctl(api->vm, KVM_SET_MEMORY_ATTRIBUTES, NULL),
		   "KVM_SET_MEMORY_ATTRIBUTES of a NULL pointer");
}

static const struct subtest subtests[] = {
	{ "api/create-size", "a guest_memfd has any size above 0 that is a multiple of the page size",
	  SWEEP_SUBJECT(create_size) },
	{ "api/create-flags", "guest_memfd takes the flags of KVM_CAP_GUEST_MEMFD_FLAGS and no other",
	  SWEEP_SUBJECT(create_flags) },
	{ "api/create-args", "KVM_CREATE_GUEST_MEMFD reports bad pointers and a full descriptor table",
	  SWEEP_SUBJECT(create_args) },
	{ "api/attributes-range", "attributes are set on aligned ranges below 2^64, memslot or not",
	  SWEEP_SUBJECT(attributes_range) },
	{ "api/attributes-values", "only the attributes of KVM_CAP_MEMORY_ATTRIBUTES can be set",
	  SWEEP_SUBJECT(attributes_values) },
};

TEST_PROGRAM("gmem_api_test", subtests)
