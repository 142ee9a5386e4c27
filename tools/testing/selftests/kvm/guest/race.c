// SPDX-License-Identifier: GPL-2.0-only
/* A vCPU as one side of a race: it waits for its turns without leaving the guest. */
#include "fuzzy_gate.h"
#include "guest.h"

static uint32_t turn(struct agent_mailbox *mb, const struct agent_race *race, uint32_t command)
{
	struct agent_plan *plan = (struct agent_plan *)race->plan;
	struct fuzzy_gate *gate = (struct fuzzy_gate *)race->gate;
	uint32_t first = command & 0xffff, end = first + (command >> 16), status = AGENT_OK;

	fuzzy_begin(gate, race->side, NULL);
	for (plan->next = first; plan->next < end; plan->next++) {
		status = plan_step(mb, plan);
		if (status != AGENT_OK)
			break;
	}
	fuzzy_end(gate, race->side);
	return status;
}

uint32_t race_execute(struct agent_mailbox *mb, const struct agent_race *race)
{
	struct fuzzy_gate *gate = (struct fuzzy_gate *)race->gate;
	struct fuzzy_side *me = &gate->side[race->side];
	uint32_t status;

	do {
		if (!fuzzy_wait(gate, race->side, me->done, NULL))
			return AGENT_OK;
		status = turn(mb, race, me->command);
		fuzzy_leave(gate, race->side);
	} while (race->linger && status == AGENT_OK);
	return status;
}
