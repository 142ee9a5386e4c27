// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding a memslot to a guest_memfd with KVM_SET_USER_MEMORY_REGION2: which file,
 * which part of it, and what must not be bound twice.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "abi/array.h"
#include "scenario/sweep.h"

static void bind_offset(struct sweep *api)
{
	static const struct { struct sweep_bytes offset, size; int expected; } rows[] = {
		{ WHOLE_PAGES(0), WHOLE_PAGES(SWEEP_FILE_PAGES), 0 },
		{ WHOLE_PAGES(1), WHOLE_PAGES(SWEEP_FILE_PAGES - 1), 0 },
		{ WHOLE_PAGES(SWEEP_FILE_PAGES - 1), WHOLE_PAGES(1), 0 },
		/* kvm_gmem_prepare_memory_region(), kvm_gmem_bind() until 7.2: past the end. */
		{ WHOLE_PAGES(SWEEP_FILE_PAGES), WHOLE_PAGES(1), EINVAL },
		{ WHOLE_PAGES(SWEEP_FILE_PAGES - 1), WHOLE_PAGES(2), EINVAL },
		{ WHOLE_PAGES(0), WHOLE_PAGES(SWEEP_FILE_PAGES + 1), EINVAL },
		{ WHOLE_PAGES(1), WHOLE_PAGES(SWEEP_FILE_PAGES), EINVAL },
		{ FROM_2_63(-2), WHOLE_PAGES(1), EINVAL },
		/* The same, where offset + size is negative as a signed number. */
		{ FROM_2_63(-1), WHOLE_PAGES(1), EINVAL },
		{ FROM_2_63(-1), WHOLE_PAGES(2), EINVAL },
		{ FROM_2_63(0), WHOLE_PAGES(1), EINVAL },
		{ FROM_2_64(-2), WHOLE_PAGES(1), EINVAL },
		/* kvm_set_memory_region(): the sum wraps, to something inside the file at that. */
		{ FROM_2_64(-1), WHOLE_PAGES(1), EINVAL },
		{ FROM_2_64(-1), WHOLE_PAGES(2), EINVAL },
		{ FROM_2_64(-1), WHOLE_PAGES(SWEEP_FILE_PAGES), EINVAL },
		{ WHOLE_PAGES(1 - SWEEP_FILE_PAGES), WHOLE_PAGES(SWEEP_FILE_PAGES), EINVAL },
		/* The same: not aligned. */
		{ PAGES_AND(0, 1), WHOLE_PAGES(1), EINVAL },
		{ PAGES_AND(0, 512), WHOLE_PAGES(1), EINVAL },
		{ PAGES_AND(1, -1), WHOLE_PAGES(1), EINVAL },
	};
	struct memslot r = sweep_slot_good(api);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		r.gmem_offset = sweep_bytes(rows[i].offset);
		r.size = sweep_bytes(rows[i].size);
		sweep_slot_try(api, rows[i].expected, &r, "offset");
	}
	close(r.gmem);
}

/* kvm_gmem_prepare_memory_region(): fget(), kvm_gmem_fops, and the VM that made the file. */
static void bind_fd(struct sweep *api)
{
	struct vm *foreign = vm_create_bare(api->vm->type);
	struct memslot r = sweep_slot_good(api);
	int good = r.gmem, closed = dup(good);
	const struct { const char *what; int fd, expected; } rows[] = {
		{ "a duplicate of the file", dup(good), 0 },
		{ "another VM's guest_memfd", gmem_create(foreign, getpagesize(), api->flags),
		  EINVAL },
		{ "a memfd", memfd_create("plain", MFD_CLOEXEC), EINVAL },
		{ "/dev/null", open("/dev/null", O_RDWR | O_CLOEXEC), EINVAL },
		{ "the VM", dup(api->vm->fd), EINVAL },
		{ "a vCPU", dup(api->agent->vcpu->fd), EINVAL },
		{ "/dev/kvm", dup(kvm_dev()), EINVAL },
		{ "a closed descriptor", closed, EBADF },
		{ "-1", -1, EBADF },
		{ "INT_MIN", INT32_MIN, EBADF },
	};
	unsigned int i;

	close(closed);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		r.gmem = rows[i].fd;
		sweep_slot_try(api, rows[i].expected, &r, rows[i].what);
		close(rows[i].fd);
	}
	close(good);
	vm_destroy(foreign);
}

/* Parts of [0, SWEEP_FILE_PAGES), of which [1, 4) is taken. */
static const struct { uint64_t first, pages; bool free; } parts[] = {
	{ 0, 1, true }, { 4, 1, true },
	{ 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 }, { 1, 1 }, { 1, 2 }, { 1, 3 }, { 1, 4 },
	{ 2, 1 }, { 2, 2 }, { 2, 3 }, { 3, 1 }, { 3, 2 },
};

static void bind_overlap(struct sweep *api)
{
	uint64_t page = getpagesize();
	struct memslot r = sweep_slot_good(api), file = r, plain = r;
	unsigned int i;

	close(r.gmem);
	r.gmem = gmem_create(api->vm, SWEEP_FILE_PAGES * page, api->flags);
	file.gmem = api->file;
	plain.flags = 0;
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		r.size = file.size = plain.size = parts[i].pages * page;
		/* kvm_gmem_commit_memory_region(); its forerunner kvm_gmem_bind() said EINVAL. */
		file.gmem_offset = parts[i].first * page;
		sweep_slot_try(api, parts[i].free ? 0 : SWEEP_EITHER(EEXIST, EINVAL), &file,
			     "file taken");
		/* kvm_check_memslot_overlap(). */
		r.gpa = SWEEP_GPA + (parts[i].first - SWEEP_RAM_FIRST) * page;
		plain.gpa = r.gpa;
		sweep_slot_try(api, parts[i].free ? 0 : EEXIST, &r, "gpa taken");
		sweep_slot_try(api, parts[i].free ? 0 : EEXIST, &plain, "gpa taken");
	}
	r.gpa = AGENT_CONTROL_GPA + page;
	r.size = page;
	sweep_slot_try(api, EEXIST, &r, "gpa of the control slot");
	close(r.gmem);
}

static const struct subtest subtests[] = {
	{ "api/bind-offset", "a slot lies inside its file, at a page boundary",
	  SWEEP_SUBJECT(bind_offset),
	  .fixed = "7.2: KVM: guest_memfd: Fix possible signed integer overflow" },
	{ "api/bind-fd", "a slot is bound to a guest_memfd of its own VM and nothing else",
	  SWEEP_SUBJECT(bind_fd) },
	{ "api/bind-overlap", "no two slots share gpas or pages of a file",
	  SWEEP_SUBJECT(bind_overlap) },
};

TEST_PROGRAM("gmem_bind_test", subtests)
