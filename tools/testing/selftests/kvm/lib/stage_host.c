// SPDX-License-Identifier: GPL-2.0-only
/* What a host actor of a plan does, one operation after the other. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "attributes.h"
#include "fault_guard.h"
#include "gmem.h"
#include "page.h"
#include "stage.h"
#include "verdict.h"

#define PAGE	page_size()

static uint64_t ticket(const struct stage *s)
{
	return history_ticket(&vm_control(s->vm)->ticket);
}

static void log_range(struct stage_host *h, uint8_t kind, uint32_t page, uint32_t pages,
		      uint64_t value, uint64_t begin, uint8_t flags)
{
	struct event event = {
		.begin = begin, .end = ticket(h->stage), .value = value, .page = page,
		.pages = pages, .kind = kind, .flags = flags,
	};

	history_log_append(h->log, &event);
}

/* The copy that the host's mapping shows. */
static uint8_t host_copy(const struct stage *s)
{
	return s->config.kind == RAM_SPLIT ? EVENT_COPY1 : 0;
}

/* The copy that the file holds. */
static uint8_t file_copy(const struct stage *s)
{
	return s->config.kind == RAM_SPLIT ? EVENT_COPY0 : 0;
}

static void host_access(struct stage_host *h, const struct plan_op *op)
{
	struct stage *s = h->stage;
	uint64_t *word = stage_word(s, op->page, op->slot);
	const bool write = op->kind == PLAN_HOST_WRITE;
	struct event event = {
		.page = op->page, .pages = 1, .slot = op->slot,
		.kind = write ? EVENT_WRITE : EVENT_READ, .flags = host_copy(s),
	};
	int signal;

	if (write)
		event.value = token_make(s->vm->number, h->actor, ++h->seq, op->page, op->slot);
	event.begin = ticket(s);
	signal = write ? guarded_write(word, event.value) : guarded_read(word, &event.value);
	event.end = ticket(s);
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
		begin = ticket(s);
		gmem_punch(s->gmem, offset, pages * PAGE);
		log_range(h, EVENT_RESET, first, pages, 0, begin, file_copy(s));
	}
	pthread_rwlock_unlock(&s->file_lock);
}

/*
 * No page becomes private while its memslot is away: an access that is emulated because of that
 * is one to the shared copy (docs/findings.md, 10).  Guests' conversions take vm->lock as well.
 */
static void convert(struct stage_host *h, const struct plan_op *op)
{
	const bool to_private = op->flags & PLAN_TO_PRIVATE;
	struct vm *vm = h->stage->vm;
	uint64_t begin;

	if (to_private)
		pthread_mutex_lock(&vm->lock);
	begin = ticket(h->stage);
	attributes_set(vm, stage_gpa(op->page), op->pages * PAGE,
		       to_private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0);
	log_range(h, EVENT_CONVERT, op->page, op->pages, !to_private, begin, 0);
	if (to_private)
		pthread_mutex_unlock(&vm->lock);
}

static void replug(struct stage *s, uint32_t slot)
{
	pthread_mutex_lock(&s->slot_lock);
	pthread_mutex_lock(&s->vm->lock);
	memslot_delete(s->vm, &s->slots[slot]);
	memslot_set(s->vm, &s->slots[slot]);
	pthread_mutex_unlock(&s->vm->lock);
	pthread_mutex_unlock(&s->slot_lock);
}

/* All memslots are on one file, so all of them have to go and come back. */
static void reopen(struct stage_host *h)
{
	struct stage *s = h->stage;
	uint64_t begin;
	uint32_t i;

	pthread_rwlock_wrlock(&s->file_lock);
	pthread_mutex_lock(&s->slot_lock);
	pthread_mutex_lock(&s->vm->lock);
	begin = ticket(s);
	if (s->config.kind == RAM_SHARED)
		verdict_require(!munmap(s->hva, s->config.pages * PAGE), "munmap");
	close(s->gmem);
	for (i = 0; i < s->config.slots; i++)
		memslot_delete(s->vm, &s->slots[i]);
	s->gmem = gmem_create(s->vm, s->config.pages * PAGE, ram_gmem_flags(s->config.kind));
	for (i = 0; i < s->config.slots; i++) {
		s->slots[i].gmem = s->gmem;
		if (s->config.kind == RAM_SHARED)
			stage_map(s, i, s->layout[i].first, s->layout[i].pages);
		memslot_set(s->vm, &s->slots[i]);
	}
	log_range(h, EVENT_RESET, 0, s->config.pages, 0, begin, file_copy(s));
	pthread_mutex_unlock(&s->vm->lock);
	pthread_mutex_unlock(&s->slot_lock);
	pthread_rwlock_unlock(&s->file_lock);
}

/* Throw away what the mapping shows; a mapping of a file only shows it anew. */
static void discard(struct stage_host *h, uint32_t page, uint32_t pages)
{
	struct stage *s = h->stage;
	uint64_t begin;

	pthread_rwlock_rdlock(&s->file_lock);
	begin = ticket(s);
	verdict_require(!madvise(s->hva + page * PAGE, pages * PAGE, MADV_DONTNEED), "madvise");
	if (s->config.kind != RAM_SHARED)
		log_range(h, EVENT_RESET, page, pages, 0, begin, host_copy(s));
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
		begin = ticket(s);
		stage_map(s, i, first, pages);
		if (s->config.kind != RAM_SHARED)
			log_range(h, EVENT_RESET, first, pages, 0, begin, host_copy(s));
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

	pid = fork();
	if (!pid) {
		if (!guarded_read(word, &value) && s->config.kind != RAM_SHARED)
			guarded_write(word, ~value);
		_exit(0);
	}
	verdict_require(pid > 0, "fork");
	waitpid(pid, NULL, 0);
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
		convert(h, op);
		break;
	case PLAN_PRE_FAULT:
		pre_fault(s, op);
		break;
	case PLAN_REPLUG:
		replug(s, op->page);
		break;
	case PLAN_REOPEN:
		reopen(h);
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
