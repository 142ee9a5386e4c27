// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/page.h"
#include "machine/mappings.h"
#include "scenario/large.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25	/* since 6.1 */
#endif

#define GPA	AGENT_TEST_GPA

/* Memory of transparent huge pages; a skip where the kernel makes none. */
void large_collapse(struct large *p)
{
	if (madvise(p->hva, LARGE_BYTES, MADV_COLLAPSE))
		verdict_skip("no transparent huge pages: MADV_COLLAPSE: %m");
}

/* Put the backing at p->hva, in the middle of a mapping that is large enough. */
static void map(struct large *p, enum large_backing backing)
{
	const int kind = backing == LARGE_SHMEM ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
	int fd = -1;

	if (backing == LARGE_SHMEM) {
		fd = memfd_create("page_size_test", MFD_CLOEXEC);
		verdict_require(fd >= 0 && !ftruncate(fd, LARGE_BYTES), "memfd");
	}
	if (mmap(p->hva, LARGE_BYTES, PROT_READ | PROT_WRITE,
		 MAP_FIXED | kind | (backing == LARGE_HUGETLB ? MAP_HUGETLB : 0), fd,
		 0) == MAP_FAILED)
		verdict_skip("no huge pages are free: %m (nr_hugepages of 2 MiB: %u are needed)",
			     LARGE_COUNT);
	if (fd >= 0)
		close(fd);
}

/* @shift: bytes by which guest and host addresses differ, modulo 2 MiB. */
struct large large_open_on(const struct vm_type *type, enum large_backing backing, uint64_t shift,
				bool huge)
{
	struct large p = { .vm = vm_create(type), .size = LARGE_BYTES + 2 * LARGE_SIZE };

	if (page_size() != 4096)
		verdict_skip("pages of 4096 bytes are looked at, here they have %llu",
			     (unsigned long long)page_size());
	if (p.vm->level == VM_LEVEL_EMULATOR)
		verdict_skip("KVM maps no page for an access that its emulator makes");
	p.mapped = mmap(NULL, p.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	verdict_require(p.mapped != MAP_FAILED, "mmap");
	p.hva = (void *)(((uintptr_t)p.mapped + LARGE_SIZE - 1) & ~(LARGE_SIZE - 1));
	if (backing != LARGE_ANONYMOUS)
		map(&p, backing);
	madvise(p.hva, LARGE_BYTES, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	memset(p.hva, 0, LARGE_BYTES);
	if (huge && backing != LARGE_HUGETLB)
		large_collapse(&p);
	p.slot = (struct memslot){
		.id = p.vm->next_slot++, .gpa = GPA + shift, .size = LARGE_BYTES, .hva = p.hva,
	};
	memslot_set(p.vm, &p.slot);
	p.agent = agent_create(p.vm, 0, 0);
	return p;
}

struct large large_open(const struct vm_type *type, uint64_t shift, bool huge)
{
	return large_open_on(type, LARGE_ANONYMOUS, shift, huge);
}

void large_close(struct large *p)
{
	agent_destroy(p->agent);
	vm_destroy(p->vm);
	munmap(p->mapped, p->size);
}

uint64_t large_token(const struct large *p, uint32_t seq)
{
	return token_make(p->vm->number, TOKEN_ACTOR_FILL, seq, 0, 0);
}

/* One word in each page, not all of them: the pages are many. */
void large_touch(struct large *p, uint32_t seq)
{
	uint64_t page;

	for (page = 0; page < LARGE_BYTES / 4096; page += 37)
		agent_write(p->agent, p->slot.gpa + page * 4096, large_token(p, seq) + page);
}

void large_check(struct large *p, uint32_t seq, const char *when)
{
	uint64_t page, found;

	for (page = 0; page < LARGE_BYTES / 4096; page += 37) {
		found = *(volatile uint64_t *)(p->hva + page * 4096);
		if (found != large_token(p, seq) + page)
			verdict_fail(VERDICT_LOST_WRITE, "%s: the host reads %#llx on page %llu, the guest wrote %#llx",
				     when, (unsigned long long)found, (unsigned long long)page,
				     (unsigned long long)(large_token(p, seq) + page));
		found = agent_read(p->agent, p->slot.gpa + page * 4096);
		if (found != large_token(p, seq) + page)
			verdict_fail(VERDICT_LOST_WRITE, "%s: the guest reads %#llx on page %llu, it wrote %#llx",
				     when, (unsigned long long)found, (unsigned long long)page,
				     (unsigned long long)(large_token(p, seq) + page));
	}
}

void large_expect(const struct large *p, uint64_t due, const char *when)
{
	verdict_expect(when, mappings_large(p->vm, p->slot.gpa, LARGE_COUNT), due);
}
