// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls on a guest_memfd itself: fallocate and mmap with good and bad arguments, and
 * those that must not work at all.
 */
#include <fcntl.h>
#include <linux/falloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/fault_guard.h"
#include "scenario/sweep.h"

/* Since 6.17; a kernel without it refuses it like any other unknown bit. */
#ifndef FALLOC_FL_WRITE_ZEROES
#define FALLOC_FL_WRITE_ZEROES	0x80
#endif

static int try_fallocate(struct sweep *api, int mode, uint64_t offset, uint64_t size)
{
	return fallocate(api->file, mode, offset, size) ? -errno : 0;
}

static void fallocate_mode(struct sweep *api)
{
	static const struct { int mode; int expected; } rows[] = {
		{ FALLOC_FL_KEEP_SIZE, 0 },
		{ FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0 },
		/* kvm_gmem_fallocate(): nothing but these two, and never without KEEP_SIZE. */
		{ 0, EOPNOTSUPP },
		{ FALLOC_FL_COLLAPSE_RANGE, EOPNOTSUPP },
		{ FALLOC_FL_INSERT_RANGE, EOPNOTSUPP },
		{ FALLOC_FL_ZERO_RANGE, EOPNOTSUPP },
		{ FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, EOPNOTSUPP },
		{ FALLOC_FL_UNSHARE_RANGE, EOPNOTSUPP },
		{ FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE, EOPNOTSUPP },
		{ FALLOC_FL_WRITE_ZEROES, EOPNOTSUPP },
		/* vfs_fallocate(): no such mode, or modes that exclude each other. */
		{ FALLOC_FL_PUNCH_HOLE, EOPNOTSUPP },
		{ FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, EOPNOTSUPP },
		{ FALLOC_FL_NO_HIDE_STALE | FALLOC_FL_KEEP_SIZE, EOPNOTSUPP },
		{ FALLOC_FL_NO_HIDE_STALE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		  EOPNOTSUPP },
		/* The same; EINVAL until vfs_fallocate() became one switch over the modes. */
		{ FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_KEEP_SIZE,
		  SWEEP_EITHER(EOPNOTSUPP, EINVAL) },
		{ FALLOC_FL_INSERT_RANGE | FALLOC_FL_KEEP_SIZE, SWEEP_EITHER(EOPNOTSUPP, EINVAL) },
	};
	uint64_t page = getpagesize();
	unsigned int i;

	/* Calls that must be refused aim at the victim's own pages. */
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		sweep_expect(api, rows[i].expected,
			   try_fallocate(api, rows[i].mode,
					 rows[i].expected ? SWEEP_RAM_FIRST * page : 0, page),
			   "fallocate mode %#x", rows[i].mode);
	for (i = 8; i < 32; i++) {
		int mode = 1u << i | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

		sweep_expect(api, EOPNOTSUPP,
			   try_fallocate(api, mode, SWEEP_RAM_FIRST * page, page),
			   "fallocate mode %#x", mode);
	}
}

static void fallocate_range(struct sweep *api)
{
	static const struct {
		struct sweep_bytes offset, size;
		int punch, allocate;
	} rows[] = {
		{ WHOLE_PAGES(0), WHOLE_PAGES(1), 0, 0 },
		{ WHOLE_PAGES(4), WHOLE_PAGES(1), 0, 0 },
		/* kvm_gmem_allocate() ends at i_size; kvm_gmem_punch_hole() has no such limit. */
		{ WHOLE_PAGES(4), WHOLE_PAGES(2), 0, EINVAL },
		{ WHOLE_PAGES(5), WHOLE_PAGES(1), 0, EINVAL },
		{ FROM_2_63(-2), WHOLE_PAGES(1), 0, EINVAL },
		/* vfs_fallocate(): the end does not fit into loff_t. */
		{ FROM_2_63(-1), WHOLE_PAGES(1), EFBIG, EFBIG },
		{ WHOLE_PAGES(1), FROM_2_63(-1), EFBIG, EFBIG },
		{ FROM_2_63(-1), FROM_2_63(-1), EFBIG, EFBIG },
		/* vfs_fallocate(): "offset < 0 || len <= 0". */
		{ WHOLE_PAGES(1), WHOLE_PAGES(0), EINVAL, EINVAL },
		{ WHOLE_PAGES(1), FROM_2_64(-1), EINVAL, EINVAL },
		{ WHOLE_PAGES(1), FROM_2_63(0), EINVAL, EINVAL },
		{ FROM_2_64(-1), WHOLE_PAGES(3), EINVAL, EINVAL },
		{ FROM_2_63(0), WHOLE_PAGES(1), EINVAL, EINVAL },
		/* kvm_gmem_fallocate(): not aligned. */
		{ PAGES_AND(1, 1), WHOLE_PAGES(1), EINVAL, EINVAL },
		{ PAGES_AND(2, -1), WHOLE_PAGES(1), EINVAL, EINVAL },
		{ PAGES_AND(1, 512), PAGES_AND(1, -512), EINVAL, EINVAL },
		{ WHOLE_PAGES(1), PAGES_AND(0, 1), EINVAL, EINVAL },
		{ WHOLE_PAGES(1), PAGES_AND(1, -1), EINVAL, EINVAL },
		{ WHOLE_PAGES(1), PAGES_AND(1, 1), EINVAL, EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t offset = sweep_bytes(rows[i].offset), size = sweep_bytes(rows[i].size);

		sweep_expect(api, rows[i].punch, __gmem_punch(api->file, offset, size),
			   "punch hole of %#llx bytes at %#llx", (unsigned long long)size,
			   (unsigned long long)offset);
		sweep_expect(api, rows[i].allocate, __gmem_allocate(api->file, offset, size),
			   "fallocate of %#llx bytes at %#llx", (unsigned long long)size,
			   (unsigned long long)offset);
	}
}

static void file_calls(struct sweep *api)
{
	int fd = api->file, page = getpagesize(), pipe_fd[2];
	char word[8] = { 0 }, path[40];

	/* kvm_gmem_fops has neither read nor write: vfs_read(), vfs_write(), vfs_iter... */
	sweep_call(api, EINVAL, read(fd, word, sizeof(word)));
	sweep_call(api, EINVAL, write(fd, word, sizeof(word)));
	/* No FMODE_PREAD, FMODE_PWRITE, FMODE_LSEEK, the file never went through open(). */
	sweep_call(api, ESPIPE, pread(fd, word, sizeof(word), page));
	sweep_call(api, ESPIPE, pwrite(fd, word, sizeof(word), page));
	sweep_call(api, ESPIPE, lseek(fd, 0, SEEK_END));
	sweep_call(api, ESPIPE, lseek(fd, 0, SEEK_DATA));
	/* kvm_gmem_setattr(). */
	sweep_call(api, EINVAL, ftruncate(fd, 0));
	sweep_call(api, EINVAL, ftruncate(fd, page));
	sweep_call(api, EINVAL, ftruncate(fd, (off_t)SWEEP_FILE_PAGES * page));
	sweep_call(api, EINVAL, ftruncate(fd, 2l * SWEEP_FILE_PAGES * page));
	sweep_call(api, EINVAL, fchmod(fd, 0600));
	/* vfs_fsync_range(); splice_file_to_pipe(); vfs_ioctl(). */
	sweep_call(api, EINVAL, fsync(fd));
	verdict_require(!pipe(pipe_fd), "pipe");
	sweep_call(api, EINVAL, splice(fd, NULL, pipe_fd[1], NULL, page, 0));
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	sweep_call(api, ENOTTY, ioctl(fd, KVM_GET_API_VERSION, 0));
	/* A second struct file without private_data would be fatal: no_open(). */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	sweep_call(api, SWEEP_EITHER(ENXIO, ENOENT), open(path, O_RDWR));
}

static void expect_map(struct sweep *api, int expected, int fd, int prot, int flags,
		       uint64_t offset, uint64_t size)
{
	void *p = mmap(NULL, size, prot, flags, fd, offset);

	if (sweep_expect(api, expected, p == MAP_FAILED ? -errno : 0,
		       "mmap of %#llx bytes at %#llx, prot %#x, flags %#x",
		       (unsigned long long)size,
		       (unsigned long long)offset, prot, flags))
		munmap(p, size);
}

/* kvm_gmem_mmap(): no GUEST_MEMFD_FLAG_MMAP, no mapping, of whatever kind. */
static void mmap_refused(struct sweep *api)
{
	int fd = gmem_create(api->vm, getpagesize(), 0), page = getpagesize();

	expect_map(api, ENODEV, fd, PROT_READ | PROT_WRITE, MAP_SHARED, 0, page);
	expect_map(api, ENODEV, fd, PROT_READ, MAP_SHARED, 0, page);
	expect_map(api, ENODEV, fd, PROT_NONE, MAP_SHARED, 0, page);
	expect_map(api, ENODEV, fd, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0, page);
	close(fd);
}

/* A file that can be mapped; false, with a note, where there is none. */
static bool mappable_file(struct sweep *api, int *fd)
{
	uint64_t flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED;

	flags &= gmem_flags(api->vm);
	*fd = -1;
	if (!(flags & GUEST_MEMFD_FLAG_MMAP)) {
		verdict_note("VM type %s has no GUEST_MEMFD_FLAG_MMAP", api->vm->type->name);
		return false;
	}
	*fd = gmem_create(api->vm, (uint64_t)SWEEP_FILE_PAGES * getpagesize(), flags);
	return true;
}

static void mmap_args(struct sweep *api)
{
	const int rw = PROT_READ | PROT_WRITE;
	uint64_t page = getpagesize(), all = SWEEP_FILE_PAGES * page;
	void *p;
	int fd;

	if (!mappable_file(api, &fd))
		return;
	expect_map(api, 0, fd, rw, MAP_SHARED, 0, all);
	expect_map(api, 0, fd, PROT_READ, MAP_SHARED, all - page, page);
	expect_map(api, 0, fd, rw, MAP_SHARED_VALIDATE, 0, all);
	/* do_mmap() does not look at i_size: mmap_touch has what comes of it. */
	expect_map(api, 0, fd, rw, MAP_SHARED, all, page);
	/* kvm_gmem_mmap(): VM_SHARED and VM_MAYSHARE. */
	expect_map(api, EINVAL, fd, rw, MAP_PRIVATE, 0, all);
	expect_map(api, EINVAL, fd, PROT_READ, MAP_PRIVATE, 0, page);
	/* do_mmap(): no length, offset not aligned, end beyond s_maxbytes, MAP_SYNC. */
	expect_map(api, EINVAL, fd, rw, MAP_SHARED, 0, 0);
	expect_map(api, EINVAL, fd, rw, MAP_SHARED, page / 2, page);
	expect_map(api, EOVERFLOW, fd, rw, MAP_SHARED,
		   sweep_bytes((struct sweep_bytes)FROM_2_63(-1)), page);
	expect_map(api, EOPNOTSUPP, fd, rw, MAP_SHARED_VALIDATE | MAP_SYNC, 0, page);
	/* do_mmap(), path_noexec(): the mount is noexec; mprotect_fixup(): so is the mapping. */
	expect_map(api, EPERM, fd, PROT_READ | PROT_EXEC, MAP_SHARED, 0, page);
	p = gmem_map(fd, 0, all);
	sweep_call(api, EACCES, mprotect(p, page, PROT_READ | PROT_EXEC));
	munmap(p, all);
	close(fd);
}

static void expect_touch(struct sweep *api, bool ok, uint64_t *word, const char *where)
{
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC), r, w;
	unsigned int wrong = api->wrong;
	uint64_t value = 0;

	verdict_require(zero >= 0, "/dev/zero");
	r = guarded_read(word, &value);
	w = guarded_write(word, 1);

	if (r != (ok ? 0 : SIGBUS))
		sweep_wrong(api, "host read of %s: expected %s, got signal %d", where,
			  ok ? "no signal" : "SIGBUS", r);
	if (w != (ok ? 0 : SIGBUS))
		sweep_wrong(api, "host write of %s: expected %s, got signal %d", where,
			  ok ? "no signal" : "SIGBUS", w);
	/* The kernel's own accesses on behalf of the caller: copy_to_user(), faultin_page(). */
	sweep_expect(api, ok ? 0 : EFAULT, read(zero, word, sizeof(*word)) < 0 ? -errno : 0,
		   "read() into %s", where);
	close(zero);
	sweep_expect(api, ok ? 0 : EFAULT,
		   madvise(word, getpagesize(), MADV_POPULATE_WRITE) ? -errno : 0,
		   "MADV_POPULATE_WRITE of %s", where);
	if (api->wrong != wrong)
		api->cls = VERDICT_PERMISSION;
}

/* kvm_gmem_fault_user_mapping(): SIGBUS past i_size and wherever memory is private. */
static void mmap_touch(struct sweep *api)
{
	uint64_t page = getpagesize(), all = SWEEP_FILE_PAGES * page;
	bool shared = gmem_flags(api->vm) & GUEST_MEMFD_FLAG_INIT_SHARED;
	uint8_t *p;
	int fd;

	if (!mappable_file(api, &fd))
		return;
	p = gmem_map(fd, 0, all + page);
	expect_touch(api, shared, (uint64_t *)p, shared ? "a shared file" : "a private file");
	expect_touch(api, shared, (uint64_t *)(p + all - page), "the file's last page");
	expect_touch(api, false, (uint64_t *)(p + all), "the page after the file's end");
	munmap(p, all + page);
	close(fd);
	fd = gmem_create(api->vm, page, GUEST_MEMFD_FLAG_MMAP);
	p = gmem_map(fd, 0, page);
	expect_touch(api, false, (uint64_t *)p, "a file without INIT_SHARED");
	munmap(p, page);
	close(fd);
}

static const struct subtest subtests[] = {
	{ "api/fallocate-mode", "fallocate allocates and punches with KEEP_SIZE, and nothing else",
	  SWEEP_SUBJECT(fallocate_mode) },
	{ "api/fallocate-range", "fallocate takes aligned ranges inside the file, a punch any aligned one",
	  SWEEP_SUBJECT(fallocate_range) },
	{ "api/file-calls", "the file cannot be read, written, sized, synced, spliced or opened again",
	  SWEEP_SUBJECT(file_calls) },
	{ "api/mmap-refused", "a file made without GUEST_MEMFD_FLAG_MMAP cannot be mapped",
	  SWEEP_SUBJECT(mmap_refused) },
	{ "api/mmap-args", "a mappable file is mapped shared, never private or executable",
	  SWEEP_SUBJECT(mmap_args) },
	{ "api/mmap-touch", "the host reaches shared pages of the file and gets SIGBUS for all else",
	  SWEEP_SUBJECT(mmap_touch) },
};

TEST_PROGRAM("gmem_file_test", subtests)
