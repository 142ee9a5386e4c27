// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "abi/x86/agent_arch.h"
#include "scenario/x86/ghcb_page.h"

struct ghcb_page ghcb_page_create(struct agent *a)
{
	struct vm *vm = a->vcpu->vm;
	struct ghcb_page g = { .agent = a, .address = vm_control_alloc(vm, 4096) };

	g.field = vm_control_ptr(vm, g.address);
	g.gpa = a->mb->ghcb;
	return g;
}

void ghcb_page_begin(struct ghcb_page *g, uint64_t code, uint64_t info1, uint64_t info2)
{
	memset(g->field, 0, 4096);
	g->field[GHCB_VERSION] = GHCB_VERSION_2;
	ghcb_page_set(g, GHCB_EXIT_CODE, code);
	ghcb_page_set(g, GHCB_INFO_1, info1);
	ghcb_page_set(g, GHCB_INFO_2, info2);
}

void ghcb_page_set(struct ghcb_page *g, unsigned int field, uint64_t value)
{
	g->field[field] = value;
	g->field[GHCB_VALID + field / 64] |= 1ull << field % 64;
}

uint32_t ghcb_page_exit(struct ghcb_page *g)
{
	struct agent_op op = { .opcode = AGENT_OP_VMGEXIT, .arg = g->address };

	agent_expect_ok(g->agent, &op, VERDICT_ABI, "VMGEXIT with a GHCB");
	return g->field[GHCB_INFO_1];
}

uint64_t ghcb_page_msr(struct agent *a, uint64_t value)
{
	struct agent_op op = { .opcode = AGENT_OP_VMGEXIT, .value = value };

	return agent_expect_ok(a, &op, VERDICT_ABI, "VMGEXIT with the MSR alone");
}
