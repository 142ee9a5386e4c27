// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a pfncache makes of the memory behind a memslot, as the host and as the guest see it;
 * see x86/backing.h for what kernels do with guest_memfd.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "pfncache/backing.h"

#define HUGE		(2ull << 20)
#define SHARED_FLAGS	(GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)

static void anonymous(struct backing_scene *s)
{
	s->slot.hva = backing_map(BACKING_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void shmem(struct backing_scene *s)
{
	int fd = memfd_create("backing", MFD_CLOEXEC);

	verdict_require(fd >= 0 && !ftruncate(fd, BACKING_SIZE), "memfd_create");
	s->slot.hva = backing_map(BACKING_SIZE, MAP_SHARED, fd);
	close(fd);
}

static void hugetlb(struct backing_scene *s)
{
	s->slot.size = HUGE;
	s->slot.hva = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (s->slot.hva == MAP_FAILED)
		verdict_skip("no hugetlb page: %m");
}

static void gmem_file(struct backing_scene *s, uint64_t flags)
{
	gmem_require(s->p.vm, flags);
	s->slot.flags = KVM_MEM_GUEST_MEMFD;
	s->slot.gmem = gmem_create(s->p.vm, BACKING_SIZE, flags);
}

static void gmem_mapped(struct backing_scene *s)
{
	gmem_file(s, SHARED_FLAGS);
	s->slot.hva = gmem_map(s->slot.gmem, 0, BACKING_SIZE);
}

/* The slot's address leads to memory of its own, which KVM does not need for the guest. */
static void gmem_elsewhere(struct backing_scene *s)
{
	gmem_file(s, SHARED_FLAGS);
	s->slot.hva = backing_map(BACKING_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void gmem_private(struct backing_scene *s)
{
	gmem_file(s, 0);
	s->slot.hva = backing_map(BACKING_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	attributes_set(s->p.vm, BACKING_GPA, BACKING_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

/* No userspace address at all. */
static void gmem_alone(struct backing_scene *s)
{
	gmem_file(s, 0);
	attributes_set(s->p.vm, BACKING_GPA, BACKING_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

static void same(struct backing_scene *s)
{
	backing_point(s);
	backing_same(s, "activated");
	backing_same(s, "used again");
}

static void run_same(const struct run *run)
{
	backing_each_kind(run->arg, same);
}

/* The hole reads as zero on both sides; the next use brings a page in. */
static void punched(struct backing_scene *s)
{
	backing_point(s);
	backing_same(s, "before the punch");
	gmem_punch(s->slot.gmem, 0, BACKING_SIZE);
	if (backing_guest_shows(s) || backing_host_shows(s))
		verdict_fail(VERDICT_NOT_SCRUBBED, "%s: token %u is still there after a punch",
			     s->kind->name, s->token);
	backing_same(s, "after the punch");
}

static void run_punched(const struct run *run)
{
	backing_each_kind(run->arg, punched);
}

/* Two memories, and the token in exactly one: in the guest's if the cache knows of it. */
static void check_split(struct backing_scene *s, const char *what)
{
	bool guest, host;
	int r = backing_use(s);

	guest = backing_guest_shows(s);
	host = backing_host_shows(s);
	if (r || guest != s->aware || host == s->aware)
		verdict_fail(guest && host ? VERDICT_WRONG_PAGE : VERDICT_ABI,
			     "%s, %s: use: %s; token in the guest's memory: %d, in the slot's userspace memory: %d; expected %d and %d",
			     s->kind->name, what, strerror(-r), guest, host, s->aware, !s->aware);
}

static void split(struct backing_scene *s)
{
	backing_point(s);
	check_split(s, "activated");
	check_split(s, "used again");
}

static void run_split(const struct run *run)
{
	backing_each_kind(run->arg, split);
}

/* Back and forth: while the page is shared both see it, while it is private check_split(). */
static void converted(struct backing_scene *s)
{
	unsigned int i;

	backing_point(s);
	for (i = 0; i < 4; i++) {
		check_split(s, "private");
		attributes_set(s->p.vm, BACKING_GPA, BACKING_SIZE, 0);
		backing_same(s, "shared");
		attributes_set(s->p.vm, BACKING_GPA, BACKING_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
		if (!s->aware && backing_guest_shows(s))
			verdict_fail(VERDICT_WRONG_PAGE,
				     "%s: token %u, written while shared, is in the private page",
				     s->kind->name, s->token);
	}
}

static void run_converted(const struct run *run)
{
	attributes_require(ATTRIBUTES_OF_VM);
	backing_each_kind(run->arg, converted);
}

/* Unaware: refused, or silently nothing; the guest finds zeroes.  Aware: it works. */
static void alone(struct backing_scene *s)
{
	int expected = s->aware || s->kind->silent ? 0 : -EFAULT;
	int r = s->kind->point(&s->p, BACKING_GPA);

	if (r != expected)
		verdict_fail(VERDICT_ABI, "%s in private memory: %s, expected %s", s->kind->name,
			     strerror(-r), strerror(-expected));
	backing_use(s);
	if (backing_guest_shows(s) != s->aware)
		verdict_fail(VERDICT_ABI, "%s in private memory: token %s", s->kind->name,
			     s->aware ? "missing" : "there, and nobody could have written it");
}

static void run_alone(const struct run *run)
{
	backing_each_kind(run->arg, alone);
}

#define BACKING(name, back)		&(const struct backing){ name, false, false, back }
#define BACKING_APART(name, back)	&(const struct backing){ name, false, true, back }
#define BACKING_PRIVATE(name, back)	&(const struct backing){ name, true, true, back }

static const struct subtest subtests[] = {
	{ "pfncache/anonymous", "host and guest see what KVM writes to anonymous memory", run_same,
	  BACKING("anonymous memory", anonymous) },
	{ "pfncache/shmem", "host and guest see what KVM writes to shared memory",
	  run_same, BACKING("shmem", shmem) },
	{ "pfncache/hugetlb", "host and guest see what KVM writes to a hugetlb page",
	  run_same, BACKING("hugetlb", hugetlb) },
	{ "pfncache/gmem-mapped", "host and guest see what KVM writes to a mapped guest_memfd",
	  run_same,
	  BACKING("guest_memfd", gmem_mapped) },
	{ "pfncache/gmem-punched", "a punched page is zero, and comes back with the next write",
	  run_punched, BACKING("guest_memfd", gmem_mapped) },
	{ "pfncache/gmem-elsewhere", "KVM writes to one of two memories, the one its caches know",
	  run_split, BACKING_APART("guest_memfd that is not the slot's address", gmem_elsewhere) },
	{ "pfncache/gmem-private",
	  "KVM writes to one copy of a private page, the one its caches know", run_split,
	  BACKING_PRIVATE("private guest_memfd", gmem_private) },
	{ "pfncache/gmem-converted",
	  "conversions do not mix up the copies that caches and the guest see", run_converted,
	  BACKING_PRIVATE("private guest_memfd", gmem_private) },
	{ "pfncache/gmem-alone",
	  "a cache in private memory without a userspace address is refused or works",
	  run_alone, BACKING_PRIVATE("private guest_memfd, no userspace address", gmem_alone) },
};

TEST_PROGRAM("pfncache_backing_test", subtests)
