// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "harness/diagnose.h"
#include "harness/fault_guard.h"
#include "machine/attributes.h"
#include "machine/policy.h"
#include "scenario/scene_page.h"

#define WORD	1

uint64_t scene_token(const struct scene *s, uint32_t seq, uint32_t page)
{
	return token_make(s->vm->number, TOKEN_ACTOR_FILL, seq, page, WORD);
}

uint64_t *scene_word(const struct scene *s, uint32_t page)
{
	return memory_page_word(s->ram, page, WORD);
}

uint64_t scene_word_gpa(const struct scene *s, uint32_t page)
{
	return memory_gpa(s->ram, page) + token_offset(page_size(), WORD);
}

void scene_convert(struct scene *s, uint32_t first, uint32_t pages, bool to_private)
{
	attributes_set(s->vm, memory_gpa(s->ram, first), pages * page_size(),
		       to_private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0);
}

bool scene_host_may(const struct scene *s, uint32_t page)
{
	uint64_t value;

	return !guarded_read(scene_word(s, page), &value);
}

void scene_host_write(const struct scene *s, uint32_t page, uint64_t value)
{
	if (guarded_write(scene_word(s, page), value))
		verdict_fail(VERDICT_PERMISSION, "the host cannot write to shared page %u", page);
}

void scene_check(const struct scene *s, uint32_t page, uint64_t found, uint64_t expected,
		 const char *what)
{
	enum verdict_class cls;

	if (found == expected)
		return;
	cls = diagnose_class(found, expected, s->vm->number, page, WORD);
	diagnose_fail(cls == VERDICT_STALE_MAPPING ? VERDICT_LOST_WRITE : cls, what,
		      scene_word_gpa(s, page), found, expected);
}

bool scene_keeps(const struct scene *s)
{
	return policy_contents(s->vm->type, true, true) == POLICY_PRESERVED &&
	       policy_contents(s->vm->type, true, false) == POLICY_PRESERVED;
}

struct scene scene_open_shared(uint32_t pages)
{
	struct scene s = scene_open(MEMORY_INPLACE, pages * page_size());
	uint32_t page;

	scene_convert(&s, 0, pages, false);
	for (page = 0; page < pages; page++)
		scene_host_write(&s, page, scene_token(&s, 1, page));
	return s;
}

void scene_convert_now(struct scene *s, uint32_t first, uint32_t pages, bool to_private,
		       const char *what)
{
	int r = __attributes_set_gmem(s->ram->gmem, first * page_size(), pages * page_size(),
				      to_private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0, NULL);

	if (r)
		verdict_fail(VERDICT_ABI, "%u pages from %u to %s, %s: %s, expected success", pages,
			     first, to_private ? "private" : "shared", what, strerror(-r));
}
