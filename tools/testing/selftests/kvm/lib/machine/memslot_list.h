/* SPDX-License-Identifier: GPL-2.0-only */
/* The memslots of a VM that have a guest_memfd: which file is behind a guest address? */
#ifndef MEMSLOT_LIST_H
#define MEMSLOT_LIST_H

#include <pthread.h>
#include <stdint.h>

struct memslot;

#define MEMSLOT_LIST_MAX	64

/* Part of a guest_memfd. */
struct memslot_file {
	uint32_t id;		/* of the memslot */
	int gmem;		/* the file, as it was when the memslot was created */
	uint64_t gpa;		/* bytes */
	uint64_t size;		/* bytes */
	uint64_t offset;	/* bytes into the file */
};

struct memslot_list {
	pthread_mutex_t lock;
	unsigned int count;
	struct memslot_file files[MEMSLOT_LIST_MAX];
};

/**
 * memslot_list_note() - a memslot was created, changed or deleted
 * @list: of the VM
 * @slot: as it is now; size 0: it is gone
 */
void memslot_list_note(struct memslot_list *list, const struct memslot *slot);

/**
 * memslot_list_find() - the files behind a range of guest memory
 * @list: of the VM
 * @gpa: start, bytes
 * @size: bytes
 * @found: filled in, cut to the range
 *
 * Return: how many; 0 where there is no memslot, or none with a guest_memfd.
 */
unsigned int memslot_list_find(struct memslot_list *list, uint64_t gpa, uint64_t size,
			       struct memslot_file found[MEMSLOT_LIST_MAX]);

#endif /* MEMSLOT_LIST_H */
