// SPDX-License-Identifier: GPL-2.0-only
/* Memory of the checker. */
#include <stdlib.h>
#include <string.h>
#include "oracle/parts.h"

void *checker_room(struct checker *c, void *array, size_t have, size_t want, size_t size)
{
	array = realloc(array, want * size);
	if (!array)
		verdict_fail(VERDICT_SETUP, "checker: no memory for %zu elements of %zu bytes",
			     want, size);
	c->stats.bytes += (want - have) * size;
	return array;
}

void *checker_room_zeroed(struct checker *c, size_t count, size_t size)
{
	return memset(checker_room(c, NULL, 0, count, size), 0, count * size);
}

/* Room that is resident at once, so that it does not look like a leak when it is used at last. */
#define ROOM_RESIDENT(c, array, room, want) do {		\
	CHECKER_ROOM(c, array, room, want);			\
	memset(array, 0, (room) * sizeof(*(array)));		\
} while (0)

/* What grows with the first rounds, piece by piece, leaves holes in the heap for ever. */
void checker_room_for(struct checker *c, uint32_t events)
{
	if (!events)
		return;
	ROOM_RESIDENT(c, c->access, c->access_room, (size_t)events);
	ROOM_RESIDENT(c, c->sorted, c->sorted_room, (size_t)events);
	ROOM_RESIDENT(c, c->page_op, c->page_op_room, (size_t)events * 8);
	ROOM_RESIDENT(c, c->op, c->op_room, events / 2);
	ROOM_RESIDENT(c, c->carried, c->carried_room, events);
	ROOM_RESIDENT(c, c->next, c->next_room, events);
	ROOM_RESIDENT(c, c->view.run, c->view.run_room, events / 8);
}
