// SPDX-License-Identifier: GPL-2.0-only
/* What a host actor of a plan does, one operation after the other. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/gmem.h"
#include "stage/parts.h"

#define PAGE	page_size()

static void host_access(struct stage_host *h, const struct plan_op *op)
{
	struct stage *s = h->stage;
	uint64_t *word = stage_word(s, op->page, op->slot);
	const bool write = op->kind == PLAN_HOST_WRITE;
	struct event event = {
		.page = op->page, .pages = 1, .slot = op->slot,
		.kind = write ? EVENT_WRITE : EVENT_READ, .flags = stage_host_copy(s),
	};
	int signal;

	if (write)
		event.value = token_make(s->vm->number, h->actor, ++h->seq, op->page, op->slot);
	event.begin = stage_ticket(s);
	signal = write ? guarded_write(word, event.value) : guarded_read(word, &event.value);
	event.end = stage_ticket(s);
	h->signals += signal != 0;
	/* Legal while the mapping is read-only or being replaced. */
	if (signal && !write)
		return;
	if (signal)
		event.flags |= EVENT_MAYBE;
	history_log_append(h->log, &event);
}

static void punch(struct stage_host *h, const struct plan_op *op, bool hole)
{
	struct stage *s = h->stage;
	uint32_t i;

	pthread_rwlock_rdlock(&s->file_lock);
	for (i = 0; i < s->config.slots; i++) {
		uint32_t first = op->page, pages = op->pages;
		uint64_t offset = stage_part(s, i, &first, &pages), begin;

		if (!pages)
			continue;
		if (!hole) {
			gmem_allocate(s->gmem, offset, pages * PAGE);
			continue;
		}
		begin = stage_ticket(s);
		gmem_punch(s->gmem, offset, pages * PAGE);
		stage_log_range(h, EVENT_RESET, first, pages, 0, begin, stage_file_copy(s));
	}
	pthread_rwlock_unlock(&s->file_lock);
}

/* Throw away what the mapping shows; a mapping of a file only shows it anew. */
static void discard(struct stage_host *h, uint32_t page, uint32_t pages)
{
	struct stage *s = h->stage;
	uint64_t begin;

	pthread_rwlock_rdlock(&s->file_lock);
	begin = stage_ticket(s);
	verdict_require(!madvise(s->hva + page * PAGE, pages * PAGE, MADV_DONTNEED), "madvise");
	if (!memory_kind_mapped(s->config.kind))
		stage_log_range(h, EVENT_RESET, page, pages, 0, begin, stage_host_copy(s));
	pthread_rwlock_unlock(&s->file_lock);
}

static void remap(struct stage_host *h, const struct plan_op *op)
{
	struct stage *s = h->stage;
	uint32_t i;

	pthread_rwlock_rdlock(&s->file_lock);
	for (i = 0; i < s->config.slots; i++) {
		uint32_t first = op->page, pages = op->pages;
		uint64_t begin;

		stage_part(s, i, &first, &pages);
		if (!pages)
			continue;
		begin = stage_ticket(s);
		stage_map(s, i, first, pages);
		if (!memory_kind_mapped(s->config.kind))
			stage_log_range(h, EVENT_RESET, first, pages, 0, begin, stage_host_copy(s));
	}
	pthread_rwlock_unlock(&s->file_lock);
}

static void protect(struct stage *s, uint32_t page, uint32_t pages)
{
	uint8_t *at = s->hva + page * PAGE;

	pthread_rwlock_rdlock(&s->file_lock);
	pthread_rwlock_wrlock(&s->map_lock);
	verdict_require(!mprotect(at, pages * PAGE, PROT_READ), "mprotect");
	verdict_require(!mprotect(at, pages * PAGE, PROT_READ | PROT_WRITE), "mprotect");
	pthread_rwlock_unlock(&s->map_lock);
	pthread_rwlock_unlock(&s->file_lock);
}

/* The child sees the memory as it is, changes its own view of anonymous pages, and goes. */
static void fork_child(struct stage *s, uint32_t page)
{
	volatile uint64_t *word = (uint64_t *)(s->hva + page * PAGE);
	uint64_t value;
	pid_t pid;

	pid = stage_fork();
	if (!pid) {
		if (!guarded_read(word, &value) && !memory_kind_mapped(s->config.kind))
			guarded_write(word, ~value);
		_exit(0);
	}
	stage_reap(pid);
}

static void dirty_log(struct stage *s, uint32_t slot)
{
	uint64_t *bitmap = calloc(s->layout[slot].pages / 64 + 1, sizeof(*bitmap));
	struct kvm_dirty_log log = { .slot = s->slots[slot].id, .dirty_bitmap = bitmap };

	verdict_require(bitmap, "out of memory");
	pthread_mutex_lock(&s->slot_lock);
	vm_ioctl(s->vm, KVM_GET_DIRTY_LOG, &log);
	pthread_mutex_unlock(&s->slot_lock);
	free(bitmap);
}

static void pre_fault(struct stage *s, const struct plan_op *op)
{
	struct kvm_pre_fault_memory range = {
		.gpa = stage_gpa(op->page), .size = op->pages * PAGE,
	};

	/*
	 * Anything may have happened to the range meanwhile; every errno has its reason.
	 * Not while a memslot goes: docs/findings.md, 4.
	 */
	pthread_mutex_lock(&s->slot_lock);
	__vcpu_ioctl(s->spare, KVM_PRE_FAULT_MEMORY, &range);
	pthread_mutex_unlock(&s->slot_lock);
}

void stage_host_step(struct stage_host *h, const struct plan_op *op)
{
	struct stage *s = h->stage;

	switch (op->kind) {
	case PLAN_HOST_READ:
	case PLAN_HOST_WRITE:
		host_access(h, op);
		break;
	case PLAN_PUNCH:
		punch(h, op, true);
		break;
	case PLAN_FALLOCATE:
		punch(h, op, false);
		break;
	case PLAN_CONVERT:
		stage_convert(h, op);
		break;
	case PLAN_PRE_FAULT:
		pre_fault(s, op);
		break;
	case PLAN_REPLUG:
		stage_replug(s, op->page);
		break;
	case PLAN_REPLACE:
		stage_replace(h, op->page);
		break;
	case PLAN_REOPEN:
		stage_reopen(h);
		break;
	case PLAN_ORPHAN:
		stage_orphan(h);
		break;
	case PLAN_DISCARD:
		discard(h, op->page, op->pages);
		break;
	case PLAN_REMAP:
		remap(h, op);
		break;
	case PLAN_PROTECT:
		protect(s, op->page, op->pages);
		break;
	case PLAN_FORK:
		fork_child(s, op->page);
		break;
	case PLAN_DIRTY_LOG:
		dirty_log(s, op->page);
		break;
	case PLAN_SIGNAL:
		pthread_kill(s->agents[op->page]->thread, SIGUSR1);
		break;
	}
}
