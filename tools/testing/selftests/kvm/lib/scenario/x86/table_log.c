// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "harness/verdict.h"
#include "machine/memslot.h"
#include "machine/x86/smm.h"
#include "scenario/x86/table_log.h"

#define WORDS	((AGENT_CONTROL_SIZE / 4096 + 63) / 64)

void table_log_start(struct table_log *l, struct vm *vm)
{
	struct memslot slot = memslot_control(vm);

	/* Each address space has a log of its own. */
	if (vm->level == VM_LEVEL_SMM)
		slot.id |= SMM_SPACE;
	slot.flags |= KVM_MEM_LOG_DIRTY_PAGES;
	memset(l, 0, sizeof(*l));
	l->vm = vm;
	l->slot = slot.id;
	memslot_set(vm, &slot);
}

void table_log_add(struct table_log *l, uint64_t gpa)
{
	verdict_require(l->count < TABLE_LOG_PAGES, "more pages than a table log has room for");
	memcpy(l->before[l->count], vm_control_ptr(l->vm, gpa), 4096);
	l->gpa[l->count++] = gpa;
}

void table_log_judge(struct table_log *l, const char *since)
{
	uint64_t bitmap[WORDS] = { 0 };
	struct kvm_dirty_log log = { .slot = l->slot, .dirty_bitmap = bitmap };
	unsigned int i;

	vm_ioctl(l->vm, KVM_GET_DIRTY_LOG, &log);
	l->harvests++;
	for (i = 0; i < l->count; i++) {
		const uint64_t page = (l->gpa[i] - AGENT_CONTROL_GPA) / 4096;
		const void *now = vm_control_ptr(l->vm, l->gpa[i]);

		if (!memcmp(l->before[i], now, 4096))
			continue;
		if (!(bitmap[page / 64] >> page % 64 & 1))
			verdict_fail(VERDICT_LOST_WRITE,
				     "a page table at %#llx has changed, and is not in the log; before: %s",
				     (unsigned long long)l->gpa[i], since);
		memcpy(l->before[i], now, 4096);
		l->changed++;
	}
}
