/* SPDX-License-Identifier: GPL-2.0-only */
/* How the host keeps a page in use beyond an access: by references of the kernel's own. */
#ifndef PIN_H
#define PIN_H

#include <stdint.h>

struct pin {
	int fd[2];		/* what holds the page; -1: nothing */
};

struct pin_way {
	const char *name;	/* of a row; NULL ends the table */
	/* Why the page cannot be held this way, or NULL if it is held now. */
	const char *(*hold)(struct pin *pin, void *page, uint64_t size);
	void (*let_go)(struct pin *pin);
};

extern const struct pin_way pin_ways[];

/**
 * pin_way_find() - look a way up by its name
 * @name: "vmsplice", "io-uring" or "gup-test"
 *
 * Return: the way; a name that there is not ends the sub-test.
 */
const struct pin_way *pin_way_find(const char *name);

#endif /* PIN_H */
