// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "abi/array.h"
#include "harness/options.h"
#include "harness/verdict.h"
#include "machine/x86/level.h"

/* enum vm_level, from the second on. */
static const char *const names[] = { "l2", "l2-npt", "smm", "emulator" };

const char *options_level_name(unsigned int number)
{
	return number < ARRAY_SIZE(names) ? names[number] : NULL;
}

enum vm_level vm_level(void)
{
	unsigned int i = 0;

	if (!options_level())
		return VM_LEVEL_1;
	while (strcmp(names[i], options_level()))
		i++;
	return VM_LEVEL_1 + 1 + i;
}

void vm_level_choose(struct vm *vm, enum vm_level level)
{
	if (options_level())
		verdict_skip("the sub-test says itself where agents run, not --level");
	vm->level = level;
}
