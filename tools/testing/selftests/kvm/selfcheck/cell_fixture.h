/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell and its timeline for forged histories.  A test writes its history the way it
 * happens: the host's operations with op(), begin() and end(), the owner's accesses with
 * write_now() and read_now() between them, or with start() before and write_from() or
 * read_from() after what they overlap.
 */
#ifndef CELL_FIXTURE_H
#define CELL_FIXTURE_H

#include "abi/cell.h"
#include "kselftest_harness.h"

#define OLD	0x0001
#define NEW	0x0002
#define SHARED	TIMELINE_COPY

FIXTURE(cell)
{
	struct timeline t;
	struct cell c;
};

FIXTURE_SETUP(cell)
{
	memset(&self->t, 0, sizeof(self->t));
	cell_init(&self->c, 0, 0, 0);
}

FIXTURE_TEARDOWN(cell)
{
}

#define begin(state)		timeline_begin(&self->t, (state))
#define end()			timeline_end(&self->t)
#define op(state)		do { begin(state); end(); } while (0)
#define start()			(self->t.epoch)
#define write_from(s, v)	cell_write(&self->c, &self->t, (v), (s), self->t.epoch)
#define read_from(s, v)		cell_read(&self->c, &self->t, (v), (s), self->t.epoch)
#define write_now(v)		write_from(start(), v)
#define read_now(v)		read_from(start(), v)

#endif /* CELL_FIXTURE_H */
