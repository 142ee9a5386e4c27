// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/dirty_ring.h"
#include "machine/memslot.h"

#define RING_OFFSET	64	/* pages: KVM_DIRTY_LOG_PAGE_OFFSET of architectures that have it */

int dirty_ring_cap(void)
{
	if (kvm_cap(KVM_CAP_DIRTY_LOG_RING_ACQ_REL))
		return KVM_CAP_DIRTY_LOG_RING_ACQ_REL;
	if (!kvm_cap(KVM_CAP_DIRTY_LOG_RING))
		verdict_skip("no dirty ring (KVM_CAP_DIRTY_LOG_RING_ACQ_REL is 0)");
	return KVM_CAP_DIRTY_LOG_RING;
}

int __dirty_ring_enable(struct vm *vm, uint64_t bytes)
{
	struct kvm_enable_cap cap = { .cap = dirty_ring_cap(), .args = { bytes } };

	return __vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}

void dirty_ring_enable(struct vm *vm, uint32_t count)
{
	int r = __dirty_ring_enable(vm, count * sizeof(struct kvm_dirty_gfn));

	verdict_require(!r, "rings of %u entries: %s", count, strerror(-r));
}

/* api.rst, 8.29: while there is no memslot. */
void dirty_ring_add_bitmap(struct vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP };
	const struct memslot control = memslot_control(vm);

	if (!vm_cap(vm, cap.cap))
		verdict_skip("no bitmap beside dirty rings (KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP is 0)");
	memslot_delete(vm, &control);
	vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
	memslot_set(vm, &control);
}

struct dirty_ring dirty_ring_map(const struct vcpu *vcpu, uint32_t count)
{
	struct dirty_ring ring = { .count = count };

	ring.entries = mmap(NULL, count * sizeof(*ring.entries), PROT_READ | PROT_WRITE, MAP_SHARED,
			    vcpu->fd, RING_OFFSET * page_size());
	verdict_require(ring.entries != MAP_FAILED, "mmap of a dirty ring");
	return ring;
}

void dirty_ring_unmap(struct dirty_ring *ring)
{
	munmap(ring->entries, ring->count * sizeof(*ring->entries));
}

struct kvm_dirty_gfn *dirty_ring_take(struct dirty_ring *ring)
{
	struct kvm_dirty_gfn *entry = &ring->entries[ring->next & (ring->count - 1)];

	if (__atomic_load_n(&entry->flags, __ATOMIC_ACQUIRE) != KVM_DIRTY_GFN_F_DIRTY)
		return NULL;
	ring->next++;
	__atomic_store_n(&entry->flags, KVM_DIRTY_GFN_F_RESET, __ATOMIC_RELEASE);
	return entry;
}
