/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations on a page as a whole, as the checker asks for them. */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "oracle/checker.h"

#define NONE		UINT32_MAX

/* Operations of one sort on one copy, asked for in order of begin or of end. */
struct span {
	uint64_t begin, end;
	uint64_t latest;	/* end of this one and all that began before */
	uint32_t op;		/* in checker.ops; NONE: known from the barrier */
};

struct span_done {		/* definite ones, by end */
	uint64_t end;
	uint64_t begin;		/* the latest of this one and all that ended before, ... */
	uint32_t op;		/* ... and which one that is */
};

struct spans {
	struct span *all;
	struct span_done *done;
	uint32_t count, definite, room;
	uint32_t all_hint, done_hint;	/* where the last question led */
};

/* Operations on a page up to one, in order of begin; see skip.c. */
struct page_run {
	uint64_t begin;			/* of the one */
	uint64_t over;			/* when all before it are */
	uint32_t quiet;			/* the last up to it that began when all before were over */
	uint32_t hard;			/* the next from it on that cannot be skipped */
	uint32_t contents[2], state;	/* the last before it that decides these; NONE: none */
};

/* What happened to the page being judged as a whole, by copy. */
struct page_view {
	uint32_t page;
	struct spans reset[2], undefined[2], convert[2];
	struct page_run *run;		/* for each operation, and one more */
	uint32_t run_room, hard;	/* how many are hard */
	bool runs;			/* not before somebody asks */
	bool built;			/* not before somebody asks */
	bool searched;			/* some word was, to the end: */
	uint8_t left;			/* so accesses may reach these copies afterwards */
};

/* Room for @count spans from the start, resident at once. */
void spans_room(struct checker *c, struct spans *s, uint32_t count);
/* Spans come in order of begin; seal them before asking. */
void spans_add(struct checker *c, struct spans *s, uint64_t begin, uint64_t end, uint32_t op,
	       bool definite);
void spans_seal(struct spans *s);
void spans_free(struct spans *s);
/* Of the definite ones that ended before @t, the one that began last; NULL if there is none. */
const struct span_done *spans_before(struct spans *s, uint64_t t);
uint32_t spans_begun(struct spans *s, uint64_t t);
/* Is there one that began before @begun and ended after @ended (0: at all)? */
bool spans_alive(struct spans *s, uint64_t begun, uint64_t ended);
uint64_t spans_last_begin(const struct spans *s);

void page_view_begin(struct checker *c, uint32_t page);
/* The page being judged. */
void page_view_build(struct checker *c);
/* Copies that an access between these tickets may have met, by the state of the page. */
uint8_t page_reach(struct page_view *v, uint64_t begin, uint64_t end);
/* The same at the barrier that comes now. */
uint8_t page_copies_after(struct checker *c);

#endif /* PAGE_PARTS_H */
