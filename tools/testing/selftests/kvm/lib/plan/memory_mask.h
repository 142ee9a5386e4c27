/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of kinds of memory, for tables: a bit each. */
#ifndef MEMORY_MASK_H
#define MEMORY_MASK_H

#include "plan/memory_kind.h"

#define ANON		(1 << MEMORY_ANON)
#define SHARED		(1 << MEMORY_SHARED)
#define SPLIT		(1 << MEMORY_SPLIT)
#define SEALED		(1 << MEMORY_SEALED)
#define INPLACE		(1 << MEMORY_INPLACE)
#define CONVERTED	(SPLIT | INPLACE)		/* pages can be private or shared */
#define MAPPED		(SHARED | SEALED | INPLACE)	/* the host's view is that of the file */
#define FILES		(SPLIT | MAPPED)
#define ALL		(ANON | FILES)

#endif /* MEMORY_MASK_H */
