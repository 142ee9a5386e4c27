/* SPDX-License-Identifier: GPL-2.0-only */
/* What agent.c needs of agent_hold.c. */
#ifndef AGENT_PARTS_H
#define AGENT_PARTS_H

#include "machine/agent.h"

/* Wait outside of the guest while the vCPU is held; in its own thread, before KVM_RUN. */
void agent_stay_out(struct agent *a);

#endif /* AGENT_PARTS_H */
