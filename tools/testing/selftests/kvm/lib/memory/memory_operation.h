/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host can do to guest memory, carried out: the functions of the rows of
 * plan/operations.h.
 *
 *	memory_do(m, OP_UNMAP, first, pages);		// 0 or -errno
 *	... accesses of the guest may fail ...
 *	memory_undo(m, OP_UNMAP, first, pages);
 *
 * Operations take no locks: callers that let them overlap decide which may.
 */
#ifndef MEMORY_OPERATION_H
#define MEMORY_OPERATION_H

#include "memory/memory.h"
#include "plan/operation.h"

/* An operation on pages [first, first + pages); 0 or -errno. */
typedef int memory_operation_fn(struct memory *m, uint32_t first, uint32_t pages);

/* Why it cannot be done here, or NULL. */
typedef const char *memory_lacks_fn(const struct memory *m);

/**
 * memory_do() - carry an operation out
 * @m: memory of a kind that the operation makes sense on
 * @id: the operation
 * @first: first page
 * @pages: how many; in one memslot, unless the operation has OPERATION_ACROSS
 *
 * Return: 0 or -errno; -EAGAIN if the VM stands no more of them (struct operation, limit).
 */
int memory_do(struct memory *m, enum operation_id id, uint32_t first, uint32_t pages);

/**
 * memory_undo() - bring back what an operation took
 * @m: the memory
 * @id: the operation
 * @first: as for memory_do()
 * @pages: as for memory_do()
 *
 * Ends the sub-test if that fails.
 */
void memory_undo(struct memory *m, enum operation_id id, uint32_t first, uint32_t pages);

/**
 * memory_undoes() - does an operation take something that has to be brought back?
 * @id: the operation
 *
 * Return: true if memory_undo() does anything.
 */
bool memory_undoes(enum operation_id id);

/**
 * memory_prepare() - what has to be so before an operation makes a difference
 * @id: the operation
 *
 * Return: another operation, to be carried out before; OPERATIONS if there is none.
 */
enum operation_id memory_prepare(enum operation_id id);

/**
 * memory_lacks() - can this machine carry an operation out?
 * @m: the memory
 * @id: the operation
 *
 * Return: NULL, or why not.
 */
const char *memory_lacks(const struct memory *m, enum operation_id id);

/**
 * memory_used_up() - has the VM had as many of an operation as it stands?
 * @m: the memory
 * @id: the operation
 *
 * Return: true if so.
 */
bool memory_used_up(const struct memory *m, enum operation_id id);

/**
 * memory_convert() - make pages private or shared
 * @m: MEMORY_SPLIT or MEMORY_INPLACE
 * @first: first page
 * @pages: how many
 * @to_private: which of both
 *
 * Split memory by the VM's attributes, else by those of the file.  A page of the file that stays
 * in use stays what it is, and so do all the others: -EAGAIN.
 *
 * Return: 0 or -errno.
 */
int memory_convert(struct memory *m, uint32_t first, uint32_t pages, bool to_private);

#endif /* MEMORY_OPERATION_H */
