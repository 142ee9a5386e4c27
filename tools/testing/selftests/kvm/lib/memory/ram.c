// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "memory/ram.h"

const struct vm_type *ram_vm_type(enum memory_kind kind)
{
	const struct vm_type *type = kind == MEMORY_SPLIT || kind == MEMORY_INPLACE ?
				     vm_type_private() : vm_default;

	if (!type)
		verdict_skip("no VM type with private memory is offered (KVM_CAP_VM_TYPES %#x)",
			     kvm_cap(KVM_CAP_VM_TYPES));
	return type;
}

uint64_t ram_gmem_flags(enum memory_kind kind)
{
	switch (kind) {
	case MEMORY_SHARED:
		return GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED;
	case MEMORY_SEALED:
	case MEMORY_INPLACE:
		return GUEST_MEMFD_FLAG_MMAP;
	default:
		return 0;
	}
}

#define HUGE_SIZE	(2ull << 20)

/*
 * Private anonymous memory, placed so that a hugepage of the host can back one of the
 * guest: what happens to one page of a hugepage is worth testing.
 */
static uint8_t *map_anonymous(uint64_t gpa, uint64_t size)
{
	uint8_t *p = mmap(NULL, size + HUGE_SIZE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint8_t *aligned;

	verdict_require(p != MAP_FAILED, "mmap of %#llx bytes", (unsigned long long)size);
	aligned = p + ((gpa - (uintptr_t)p) & (HUGE_SIZE - 1));
	munmap(p, aligned - p);
	munmap(aligned + size, p + HUGE_SIZE - aligned);
	verdict_require(!mprotect(aligned, size, PROT_READ | PROT_WRITE), "mprotect");
	madvise(aligned, size, MADV_HUGEPAGE);
	return aligned;
}

/* The host's view: of the file where it can be mapped, else of memory of its own. */
static void ram_map(struct ram *ram)
{
	if (memory_kind_mapped(ram->kind))
		ram->hva = gmem_map(ram->slot.gmem, ram->slot.gmem_offset, ram->size);
	else
		ram->hva = map_anonymous(ram->slot.gpa, ram->size);
	ram->slot.hva = ram->hva;
}

struct ram *ram_create_on(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size,
			  int gmem, uint64_t offset)
{
	struct ram *ram = calloc(1, sizeof(*ram));

	verdict_require(ram, "out of memory");
	ram->vm = vm;
	ram->kind = kind;
	ram->size = size;
	ram->slot = (struct memslot){
		.id = vm->next_slot++,
		.flags = kind == MEMORY_ANON ? 0 : KVM_MEM_GUEST_MEMFD,
		.gpa = gpa,
		.size = size,
		.gmem = gmem,
		.gmem_offset = offset,
	};
	ram_map(ram);
	memslot_set(vm, &ram->slot);
	if (kind == MEMORY_SPLIT)
		attributes_set(vm, gpa, size, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	return ram;
}

struct ram *ram_create(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size)
{
	int gmem = -1;

	if (kind != MEMORY_ANON) {
		gmem_require(vm, ram_gmem_flags(kind));
		gmem = gmem_create(vm, size, ram_gmem_flags(kind));
	}
	return ram_create_on(vm, kind, gpa, size, gmem, 0);
}

void ram_unplug(struct ram *ram)
{
	memslot_delete(ram->vm, &ram->slot);
}

void ram_plug(struct ram *ram)
{
	memslot_set(ram->vm, &ram->slot);
}

void ram_unmap(struct ram *ram)
{
	if (!memory_kind_mapped(ram->kind) || !ram->hva)
		return;
	munmap(ram->hva, ram->size);
	ram->hva = NULL;
}

void ram_close(struct ram *ram)
{
	/* A mapping of the file holds a reference to it. */
	ram_unmap(ram);
	close(ram->slot.gmem);
	ram->slot.gmem = -1;
}

void ram_reopen(struct ram *ram)
{
	ram->slot.gmem = gmem_create(ram->vm, ram->slot.gmem_offset + ram->size,
				     ram_gmem_flags(ram->kind));
	if (memory_kind_mapped(ram->kind))
		ram_map(ram);
}

void ram_destroy(struct ram *ram)
{
	memslot_delete(ram->vm, &ram->slot);
	if (ram->hva)
		munmap(ram->hva, ram->size);
	if (ram->slot.gmem >= 0)
		close(ram->slot.gmem);
	free(ram);
}
