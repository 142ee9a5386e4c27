// SPDX-License-Identifier: GPL-2.0-only
/* A vCPU as one side of a race: it waits for its turns without leaving the guest. */
#include "abi/fuzzy_gate.h"
#include "guest/guest.h"

/* Rounds of waiting for the next turn before the CPU is left to others. */
#define PATIENCE	10000

static bool wait_for_turn(uint32_t spins)
{
	arch_relax();
	return spins < PATIENCE;
}

/* Nobody can be asked to run the other side; the host's scheduler will, one day. */
static bool wait_for_other(uint32_t spins)
{
	(void)spins;
	arch_relax();
	return true;
}

static uint32_t turn(struct agent_mailbox *mb, const struct agent_race *race, uint32_t command)
{
	struct agent_plan *plan = (struct agent_plan *)race->plan;
	struct fuzzy_gate *gate = (struct fuzzy_gate *)race->gate;
	uint32_t first = command & 0xffff, end = first + (command >> 16), status = AGENT_OK;

	fuzzy_begin(gate, race->side, wait_for_other);
	for (plan->next = first; plan->next < end; plan->next++) {
		status = plan_step(mb, plan);
		if (status != AGENT_OK)
			break;
	}
	fuzzy_end(gate, race->side);
	return status;
}

static void be(struct agent_race *race, uint32_t presence)
{
	__atomic_store_n(&race->presence, presence, __ATOMIC_RELEASE);
}

/* Called meanwhile? Then there is a turn to come. */
static bool may_leave(struct agent_race *race)
{
	uint32_t here = AGENT_HERE;

	return __atomic_compare_exchange_n(&race->presence, &here, AGENT_AWAY, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

uint32_t race_execute(struct agent_mailbox *mb, struct agent_race *race)
{
	struct fuzzy_gate *gate = (struct fuzzy_gate *)race->gate;
	struct fuzzy_side *me = &gate->side[race->side];

	for (;;) {
		uint32_t status;
		bool stay;

		if (!fuzzy_wait(gate, race->side, me->done, wait_for_turn)) {
			if (gate->stop || may_leave(race))
				return AGENT_OK;
			continue;
		}
		status = turn(mb, race, me->command);
		stay = race->linger && status == AGENT_OK;
		be(race, stay ? AGENT_HERE : AGENT_AWAY);
		fuzzy_leave(gate, race->side);
		if (!stay)
			return status;
	}
}
