// SPDX-License-Identifier: GPL-2.0-only
#include "scenario/scene.h"

struct scene scene_open_on(const struct vm_type *type, enum memory_kind kind, uint64_t size)
{
	struct scene s = { .vm = vm_create(type), .kind = memory_kind_here(kind) };

	s.agent = agent_create(s.vm, 0, 0);
	s.ram = memory_create(s.vm, kind, AGENT_TEST_GPA, size);
	return s;
}

struct scene scene_open(enum memory_kind kind, uint64_t size)
{
	return scene_open_on(memory_vm_type(kind), kind, size);
}

void scene_close(struct scene *s)
{
	agent_destroy(s->agent);
	memory_destroy(s->ram);
	vm_destroy(s->vm);
}
