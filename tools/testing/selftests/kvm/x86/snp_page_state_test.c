// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page states of an SNP guest: who owns a page, what the guest has to do before it may use one,
 * and what its requests to the hypervisor make of it.
 */
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/x86/snp.h"
#include "scenario/scene.h"

#define PAGES	8u
#define GPA	AGENT_TEST_GPA

/* The agent starts, and private and shared pages hold what the guest writes to them. */
static void run_boot(const struct run *run)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, PAGES * PAGE);
	const uint64_t token = token_make(s.vm->number, TOKEN_ACTOR_FILL, 1, 0, 0);

	(void)run;
	attributes_set(s.vm, GPA, 4 * PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token);
	agent_fill(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token);
	agent_verify(s.agent, GPA, GPA, 4 * PAGE, token, "private pages");
	agent_verify(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token, "shared pages");
	scene_close(&s);
}

static const struct subtest subtests[] = {
	{ "snp-page-state/boot", "private and shared pages hold what an SNP guest writes to them",
	  run_boot },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("snp_page_state_test", subtests);

	return runner_main(argc, argv, &program);
}
