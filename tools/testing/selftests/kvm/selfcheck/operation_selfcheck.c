// SPDX-License-Identifier: GPL-2.0-only
/* The table of operations: every row says what it has to. */
#include <string.h>
#include "kselftest_harness.h"
#include "plan/operation.h"
#include "plan/plan.h"

TEST(operation_names_are_unique)
{
	unsigned int a, b;

	for (a = 0; a < PLAN_KINDS; a++) {
		ASSERT_NE(NULL, plan_kinds[a].name);
		for (b = 0; b < a; b++)
			EXPECT_NE(0, strcmp(plan_kinds[a].name, plan_kinds[b].name));
	}
}

/* A clause with a subject and a verb, without a full stop: ids and --help put it together. */
TEST(operation_claims_are_clauses)
{
	enum operation_id id;

	for (id = 0; id < OPERATIONS; id++) {
		const struct operation *o = operation_get(id);

		ASSERT_NE(NULL, o->claim) TH_LOG("%s", o->name);
		EXPECT_NE(NULL, strchr(o->claim, ' ')) TH_LOG("%s", o->name);
		EXPECT_NE('.', o->claim[strlen(o->claim) - 1]) TH_LOG("%s", o->name);
		EXPECT_NE(0, o->memory) TH_LOG("%s", o->name);
		EXPECT_EQ(id, operation_find(o->name));
		/* In plans, or part of one that is. */
		EXPECT_EQ(!o->weight, !!(o->flags & OPERATION_NO_PLAN)) TH_LOG("%s", o->name);
	}
	EXPECT_EQ(OPERATIONS, operation_find("replug"));
}

/* Contents: which copy a row resets, by kind of memory. */
TEST(operation_effects)
{
	static const struct {
		enum operation_id id;
		enum memory_kind kind;
		bool told;
		uint8_t event, flags;
		uint64_t value;
	} *r, rows[] = {
		{ OP_PUNCH, MEMORY_SPLIT, true, EVENT_RESET, EVENT_COPY0 },
		{ OP_PUNCH, MEMORY_SHARED, true, EVENT_RESET },
		{ OP_DISCARD, MEMORY_SPLIT, true, EVENT_RESET, EVENT_COPY1 },
		{ OP_DISCARD, MEMORY_ANON, true, EVENT_RESET },
		{ OP_DISCARD, MEMORY_SHARED, false },
		{ OP_REMAP, MEMORY_INPLACE, false },
		{ OP_SLOT_REPLACE, MEMORY_ANON, true, EVENT_RESET },
		{ OP_TO_SHARED, MEMORY_SPLIT, true, EVENT_CONVERT, 0, 1 },
		{ OP_TO_PRIVATE, MEMORY_INPLACE, true, EVENT_CONVERT, 0, 0 },
		{ OP_SLOT_DELETE, MEMORY_SPLIT, false },
		{ OP_PROTECT, MEMORY_ANON, false },
	};
	struct event event;

	for (r = rows; r < rows + ARRAY_SIZE(rows); r++) {
		event = (struct event){ 0 };
		ASSERT_EQ(r->told, operation_event(r->id, r->kind, &event));
		if (!r->told)
			continue;
		EXPECT_EQ(r->event, event.kind);
		EXPECT_EQ(r->flags, event.flags);
		EXPECT_EQ(r->value, event.value);
	}
	EXPECT_TRUE(operation_undo_event(OP_FILE_CLOSE, MEMORY_INPLACE, &event));
	EXPECT_FALSE(operation_undo_event(OP_FILE_CLOSE, MEMORY_SPLIT, &event));
	EXPECT_FALSE(operation_undo_event(OP_UNMAP, MEMORY_INPLACE, &event));
}

TEST_HARNESS_MAIN
