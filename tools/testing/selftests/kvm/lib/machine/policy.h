/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a conversion does to contents, by type of VM, backing and direction.  The table
 * is the architecture's, each row with its source; tests ask here and nobody else knows.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include "machine/vm.h"

enum policy_contents {
	POLICY_SEPARATE,	/* split backing: each side keeps its own copy */
	POLICY_PRESERVED,	/* in place: the same contents on both sides */
	POLICY_UNDEFINED,	/* the platform may scramble or clear them */
};

/* Of one type of VM; index 1 is the direction to private. */
struct policy {
	enum policy_contents split[2];		/* two backings */
	enum policy_contents in_place[2];	/* one page serves both sides */
};

/**
 * policy_contents() - what the side converted to holds afterwards
 * @type: of the VM
 * @in_place: one page serves both sides (the file's own attributes), not two backings
 * @to_private: direction
 *
 * Return: what they do.
 */
enum policy_contents policy_contents(const struct vm_type *type, bool in_place, bool to_private);

#endif /* POLICY_H */
