// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/gmem.h"
#include "pfncache/window.h"

#define MEMFD_SIZE	(WINDOW_FRAMES * WINDOW_SIZE)
#define GMEM_FLAGS	(GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)

uint8_t *window_frame(const struct window *w, unsigned int n)
{
	return w->frames + n % WINDOW_FRAMES * WINDOW_SIZE;
}

unsigned int window_next(const struct window *w)
{
	unsigned int n = (w->frame + 1) % WINDOW_FRAMES;

	memset(window_frame(w, n), 0, WINDOW_SIZE);
	return n;
}

void window_map(struct window *w, unsigned int n)
{
	void *p = mmap(w->hva, WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, w->fd,
		       n % WINDOW_FRAMES * WINDOW_SIZE);

	verdict_require(p == w->hva, "mmap of a window");
	w->frame = n % WINDOW_FRAMES;
}

static void window_map_anon(struct window *w)
{
	w->hva = mmap(NULL, WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		      0);
	verdict_require(w->hva != MAP_FAILED, "mmap of a window");
	madvise(w->hva, WINDOW_SIZE, MADV_NOHUGEPAGE);
	memset(w->hva, 0, WINDOW_SIZE);
}

static void window_back(struct window *w)
{
	w->fd = -1;
	switch (w->invalidator->backing) {
	case WINDOW_ANON:
		window_map_anon(w);
		break;
	case WINDOW_MEMFD:
		w->fd = memfd_create("window", MFD_CLOEXEC);
		verdict_require(w->fd >= 0 && !ftruncate(w->fd, MEMFD_SIZE), "memfd_create");
		w->frames = mmap(NULL, MEMFD_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, 0);
		verdict_require(w->frames != MAP_FAILED, "mmap of frames");
		memset(w->frames, 0, MEMFD_SIZE);
		w->hva = mmap(NULL, WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, 0);
		verdict_require(w->hva != MAP_FAILED, "mmap of a window");
		break;
	case WINDOW_GMEM:
		gmem_require(w->p.vm, GMEM_FLAGS);
		w->fd = gmem_create(w->p.vm, WINDOW_SIZE, GMEM_FLAGS);
		w->hva = gmem_map(w->fd, 0, WINDOW_SIZE);
		w->slot.flags = KVM_MEM_GUEST_MEMFD;
		break;
	case WINDOW_SPLIT:
		gmem_require(w->p.vm, 0);
		w->fd = gmem_create(w->p.vm, WINDOW_SIZE, 0);
		window_map_anon(w);
		w->slot.flags = KVM_MEM_GUEST_MEMFD;
		break;
	}
}

uint64_t window_address(const struct window *w)
{
	return (w->kind->hva ? (uintptr_t)w->hva : WINDOW_GPA) + w->offset;
}

bool window_shows(const struct window *w, uint32_t token)
{
	return w->kind->shows(w->hva + w->offset, token);
}

static const struct vm_type *window_vm_type(const struct invalidator *invalidator)
{
	if (invalidator->backing != WINDOW_SPLIT)
		return vm_default;
	if (!vm_type_private())
		verdict_skip("no VM type with private memory is offered (KVM_CAP_VM_TYPES %#x)",
			     kvm_cap(KVM_CAP_VM_TYPES));
	return vm_type_private();
}

bool window_open(struct window *w, const struct pfncache_kind *kind,
		 const struct invalidator *invalidator)
{
	if (!pfncache_offered(kind) || (invalidator->gpa_only && kind->hva))
		return false;
	memset(w, 0, sizeof(*w));
	w->kind = kind;
	w->invalidator = invalidator;
	/* Half of a split structure in either page; others at the end of the first. */
	w->offset = 4096 - (kind->split ? kind->size / 2 : kind->size);
	pfncache_open_on(&w->p, kind, vm_create(window_vm_type(invalidator)));
	window_back(w);
	w->slot.id = w->p.vm->next_slot++;
	w->slot.gpa = WINDOW_GPA;
	w->slot.size = WINDOW_SIZE;
	w->slot.hva = w->hva;
	w->slot.gmem = w->fd;
	memslot_set(w->p.vm, &w->slot);
	if (invalidator->open)
		invalidator->open(w);
	pfncache_point(&w->p, kind, window_address(w));
	return true;
}

void window_close(struct window *w)
{
	while (w->vcpus)
		vcpu_destroy(w->vcpu[--w->vcpus]);
	memslot_delete(w->p.vm, &w->slot);
	munmap(w->hva, WINDOW_SIZE);
	if (w->frames)
		munmap(w->frames, MEMFD_SIZE);
	if (w->fd >= 0)
		close(w->fd);
	pfncache_close(&w->p);
}
