// SPDX-License-Identifier: GPL-2.0-only
/* Memory that does one thing wrong: what the checker ought to see. */
#include "history_sim.h"

void sim_fault_plan(struct sim *s, enum sim_fault fault, unsigned int after)
{
	s->fault = fault;
	s->fault_after = after;
	s->faulty = false;
	s->late = NULL;
}

const char *sim_fault_name(enum sim_fault fault)
{
	static const char *const names[FAULTS] = {
		"none", "write lost", "exchange not atomic", "write into the other copy",
		"conversion that zeroes", "reset not applied", "old value back",
		"write that is late",
	};

	return names[fault];
}

static bool is_access(const struct sim_effect *x)
{
	return x->what == EVENT_READ || x->what == EVENT_WRITE || x->what == EFFECT_EXCHANGE;
}

static bool fault_fits(const struct sim *s, const struct sim_effect *x)
{
	switch (s->fault) {
	case FAULT_LOST_WRITE:
	case FAULT_LATE_WRITE:
		return x->what == EVENT_WRITE;
	case FAULT_OTHER_COPY:
		return x->what == EVENT_WRITE && s->shape.split;
	case FAULT_NOT_ATOMIC:
		return x->what == EFFECT_EXCHANGE;
	case FAULT_CONVERT_ZEROES:
		return x->what == EVENT_CONVERT;
	case FAULT_RESET_SKIPPED:
		return x->what == EVENT_RESET;
	case FAULT_OLD_BACK:
		return is_access(x);
	default:
		return false;
	}
}

/* Returns true if nothing is left for the effect to do. */
static bool fault_happen(struct sim *s, struct sim_op *op, const struct sim_effect *x)
{
	const unsigned int copy = s->shape.split ? s->state[x->page] : 0;
	uint64_t *word = &s->memory[x->page][x->word][copy];
	unsigned int i;

	switch (s->fault) {
	case FAULT_OTHER_COPY:
		s->memory[x->page][x->word][!copy] = op->event.value;
		return true;
	case FAULT_NOT_ATOMIC:
		op->found = *word;
		op->effect[op->effects] = *x;
		op->effect[op->effects++].what = EVENT_WRITE;
		return true;
	case FAULT_CONVERT_ZEROES:
		for (i = 0; i < s->shape.words; i++)
			s->memory[x->page][i][s->shape.split ? x->copy : 0] = 0;
		return false;
	case FAULT_OLD_BACK:
		*word = s->old[x->page][x->word][copy];
		return false;
	case FAULT_LATE_WRITE:
		s->late = word;
		s->late_value = op->event.value;
		s->late_actor = op - s->op;
		return true;
	default:
		return true;
	}
}

bool sim_fault_effect(struct sim *s, struct sim_op *op, const struct sim_effect *x)
{
	if (s->late && !s->op[s->late_actor].busy) {
		*s->late = s->late_value;
		s->late = NULL;
	}
	if (s->faulty || op->failed || op->event.flags & EVENT_COPIES || !fault_fits(s, x))
		return false;
	if (s->fault_after) {
		s->fault_after--;
		return false;
	}
	s->faulty = true;
	return fault_happen(s, op, x);
}
