/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations of plan/operations.h, one function each, for memory_operation.c, which has them
 * in its table.  None of them logs, or knows what calls it.
 *
 * Of each: @m is the memory, [@first, @first + @pages) the range in pages.  Return: 0 or -errno.
 */
#ifndef MEMORY_PARTS_H
#define MEMORY_PARTS_H

#include <errno.h>
#include "memory/memory_operation.h"

/* Functions that a row does not have. */
#define memory_none		NULL

/* What a system call returned: 0 or -errno. */
static inline int memory_result(int r)
{
	return r ? -errno : 0;
}

/* The guest_memfd: memory_file.c. */
memory_operation_fn memory_punch, memory_allocate, memory_file_close, memory_file_open;

/* Private or shared: memory_attribute.c. */
memory_operation_fn memory_to_private, memory_to_shared;

/* Memslots: memory_slot.c. */
memory_operation_fn memory_slot_delete, memory_slot_set, memory_slot_create, memory_slot_move;
memory_operation_fn memory_slot_toggle, memory_slot_log, memory_slot_replace;
memory_operation_fn memory_other_slot, memory_dirty_log;

/* The host's mapping: memory_mapping.c. */
memory_operation_fn memory_discard, memory_map, memory_unmap, memory_protect, memory_unprotect;
memory_operation_fn memory_fork, memory_bind, memory_page_out;
memory_lacks_fn memory_bind_lacks, memory_page_out_lacks;

/* vCPUs: memory_vcpu.c. */
memory_operation_fn memory_pre_fault, memory_vcpu_create;
memory_lacks_fn memory_pre_fault_lacks;

#endif /* MEMORY_PARTS_H */
