/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dirty ring (api.rst, 8.29): each vCPU tells by a ring of its own which pages it has written;
 * user space marks the entries that it has read, and KVM_RESET_DIRTY_RINGS takes them back.
 */
#ifndef DIRTY_RING_H
#define DIRTY_RING_H

#include "machine/vcpu.h"

/**
 * struct dirty_ring - a vCPU's ring, as user space has it
 * @entries: mapped
 * @count: of them, a power of two
 * @next: the first that was not read yet; counts on
 */
struct dirty_ring {
	struct kvm_dirty_gfn *entries;
	uint32_t count, next;
};

/**
 * dirty_ring_cap() - the capability by which this kernel has rings
 *
 * Return: its number; skips the sub-test if there is none.
 */
int dirty_ring_cap(void);

/**
 * __dirty_ring_enable() - ask for rings of a size that may make no sense
 * @vm: the VM
 * @bytes: of each
 *
 * Return: 0 or -errno.
 */
int __dirty_ring_enable(struct vm *vm, uint64_t bytes);

/**
 * dirty_ring_enable() - give the vCPUs to come rings
 * @vm: the VM, without vCPUs
 * @count: entries of each, a power of two
 */
void dirty_ring_enable(struct vm *vm, uint32_t count);

/**
 * dirty_ring_add_bitmap() - keep a bitmap beside the rings, for what no vCPU writes
 * @vm: the VM with rings, its control memslot alone, without vCPUs
 *
 * Skips the sub-test where KVM has none (KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP: arm64).
 */
void dirty_ring_add_bitmap(struct vm *vm);

/**
 * dirty_ring_map() - map a vCPU's ring
 * @vcpu: the vCPU
 * @count: as it was enabled
 *
 * Return: the ring.
 */
struct dirty_ring dirty_ring_map(const struct vcpu *vcpu, uint32_t count);

/**
 * dirty_ring_unmap() - undo that
 * @ring: the ring
 */
void dirty_ring_unmap(struct dirty_ring *ring);

/**
 * dirty_ring_take() - read an entry, and mark it as read
 * @ring: the ring
 *
 * Return: the entry, as KVM has written it; NULL if there is none.
 */
struct kvm_dirty_gfn *dirty_ring_take(struct dirty_ring *ring);

#endif /* DIRTY_RING_H */
