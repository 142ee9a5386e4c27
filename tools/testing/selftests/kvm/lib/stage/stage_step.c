// SPDX-License-Identifier: GPL-2.0-only
/* What a host actor of a plan does, one operation after the other, and what the history hears. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include "harness/fault_guard.h"
#include "harness/verdict.h"
#include "memory/memory_operation.h"
#include "stage/parts.h"

/*
 * Which operations may overlap is decided by locks around the call, always taken in this order.
 *
 *	FILE	of a stage: operations on the file or its mappings read, replacing it writes
 *	MAP	of a stage: one operation at a time takes part of the mapping away
 *	SLOT	of a stage: one memslot comes or goes at a time
 *	CHILD	of the process: a child holds copies of all files, as long as it lives; closing a
 *		file for good waits for it
 *	VM	vm->lock, which conversions that guests ask for take as well
 */
enum { FILE_READ = 0x01, FILE_WRITE = 0x02, MAP = 0x04, SLOT = 0x08, CHILD_READ = 0x10,
       CHILD_WRITE = 0x20, VM = 0x40 };

/* Pre-fault and memslots that go do not get on: docs/findings.md, 4. */
static const uint8_t row_locks[OPERATIONS] = {
	[OP_PUNCH] = FILE_READ,
	[OP_ALLOCATE] = FILE_READ,
	[OP_PRE_FAULT] = SLOT,
	[OP_SLOT_DELETE] = SLOT | VM,
	[OP_SLOT_MOVE] = SLOT | VM,
	[OP_SLOT_TOGGLE] = SLOT,
	[OP_SLOT_LOG] = SLOT,
	[OP_OTHER_SLOT] = SLOT,
	[OP_SLOT_REPLACE] = FILE_READ | SLOT | VM,
	[OP_FILE_CLOSE] = FILE_WRITE | SLOT | VM,
	[OP_ORPHAN] = FILE_WRITE | SLOT | CHILD_WRITE,
	[OP_DISCARD] = FILE_READ,
	[OP_UNMAP] = FILE_READ | MAP,
	[OP_PROTECT] = FILE_READ | MAP,
	[OP_REMAP] = FILE_READ,
	[OP_FORK] = CHILD_READ,
	[OP_BIND] = FILE_READ,
	[OP_PAGE_OUT] = FILE_READ,
	[OP_DIRTY_LOG] = SLOT,
};

static pthread_rwlock_t children = PTHREAD_RWLOCK_INITIALIZER;

/*
 * No page of split memory becomes private while its memslot is away: an access that is emulated
 * because of that is one to the shared copy (docs/findings.md, 10).
 */
static uint8_t locks_of(const struct stage *s, enum operation_id id)
{
	if (operation_get(id)->effect != OPERATION_TO_PRIVATE &&
	    operation_get(id)->effect != OPERATION_TO_SHARED)
		return row_locks[id];
	if (s->config.kind == MEMORY_INPLACE)
		return FILE_READ;
	return id == OP_TO_PRIVATE ? VM : 0;
}

static void lock(struct stage *s, uint8_t locks)
{
	if (locks & FILE_READ)
		pthread_rwlock_rdlock(&s->file_lock);
	if (locks & FILE_WRITE)
		pthread_rwlock_wrlock(&s->file_lock);
	if (locks & MAP)
		pthread_mutex_lock(&s->map_lock);
	if (locks & SLOT)
		pthread_mutex_lock(&s->slot_lock);
	if (locks & CHILD_READ)
		pthread_rwlock_rdlock(&children);
	if (locks & CHILD_WRITE)
		pthread_rwlock_wrlock(&children);
	if (locks & VM)
		pthread_mutex_lock(&s->vm->lock);
}

static void unlock(struct stage *s, uint8_t locks)
{
	if (locks & VM)
		pthread_mutex_unlock(&s->vm->lock);
	if (locks & (CHILD_READ | CHILD_WRITE))
		pthread_rwlock_unlock(&children);
	if (locks & SLOT)
		pthread_mutex_unlock(&s->slot_lock);
	if (locks & MAP)
		pthread_mutex_unlock(&s->map_lock);
	if (locks & (FILE_READ | FILE_WRITE))
		pthread_rwlock_unlock(&s->file_lock);
}

/* What vCPUs have done in this round: each operation, fault and access to a hole counts. */
static uint64_t vcpu_steps(const struct stage *s)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++)
		n += __atomic_load_n(&s->guests[i]->next, __ATOMIC_RELAXED) +
		     __atomic_load_n(&s->agents[i]->faults, __ATOMIC_RELAXED) +
		     __atomic_load_n(&s->agents[i]->mmio, __ATOMIC_RELAXED);
	return n;
}

/* Steps of a vCPU to wait for, and turns of others after which it is at the end of its list. */
#define HELD_STEPS	8
#define HELD_TURNS	2000

static void hold_vcpus(struct stage *s)
{
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++)
		agent_hold(s->agents[i]);
}

/* vCPUs go on, and meet what was taken from them. */
static void let_vcpus_go(struct stage *s)
{
	const uint64_t before = vcpu_steps(s);
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++)
		agent_let_go(s->agents[i]);
	for (i = 0; i < HELD_TURNS && vcpu_steps(s) - before < HELD_STEPS * s->config.vcpus; i++)
		sched_yield();
}

static void log_event(struct stage_host *h, struct event event)
{
	event.end = stage_ticket(h->stage);
	history_log_append(h->log, &event);
}

/*
 * May an operation of a plan end like this?  Whatever else goes on was kept away by the locks,
 * but for what follows.
 */
static bool error_allowed(const struct stage *s, enum operation_id id, int error, bool unmapped)
{
	const struct operation *o = operation_get(id);

	if (error == o->error)
		return true;
	/* Another host thread had the last one that the VM stands. */
	if (error == EAGAIN && memory_used_up(s->memory, id))
		return true;
	switch (id) {
	case OP_PRE_FAULT:
		/* Anything may have happened to the range meanwhile; every errno has its reason. */
		return true;
	case OP_SLOT_REPLACE:
		/* It discards anonymous memory while the memslot is away: madvise(2). */
		return unmapped && error == ENOMEM && s->config.kind == MEMORY_ANON;
	default:
		/* Another host thread had part of the range unmapped. */
		return unmapped && o->flags & OPERATION_MAPPING &&
		       (error == ENOMEM || error == EFAULT);
	}
}

/* Times that part of the mapping was unmapped or came back. */
static uint64_t mapping_epoch(const struct stage *s)
{
	return __atomic_load_n(&s->mapping_epoch, __ATOMIC_ACQUIRE);
}

static void mapping_changes(struct stage *s, enum operation_id id)
{
	if (id == OP_UNMAP)
		__atomic_fetch_add(&s->mapping_epoch, 1, __ATOMIC_ACQ_REL);
}

/*
 * An operation on a range that it takes in one call.  Until what it took is back, whoever holds
 * the old contents may show them: a fault, a child.  Only where vCPUs were held and children are
 * gone nobody does, and the event ends before they go on.
 */
static void step_part(struct stage_host *h, enum operation_id id, uint32_t first, uint32_t pages)
{
	struct event event = { .page = first, .pages = pages };
	struct stage *s = h->stage;
	const bool held = operation_get(id)->flags & OPERATION_HELD;
	const uint64_t epoch = mapping_epoch(s);
	struct event undone = { .pages = s->config.pages };
	bool told;
	int error;

	mapping_changes(s, id);
	event.begin = stage_ticket(s);
	error = -memory_do(s->memory, id, first, pages);
	if (!error_allowed(s, id, error, epoch & 1 || mapping_epoch(s) != epoch))
		stage_fail(s, VERDICT_ABI, "%s of pages %u to %u ended in errno %d (%s), expected %d",
			   operation_get(id)->name, first, first + pages - 1, error,
			   strerror(error), operation_get(id)->error);
	told = operation_event(id, s->config.kind, &event) && error != EAGAIN;
	if (error)
		event.flags |= EVENT_MAYBE;
	if (told && held)
		log_event(h, event);
	/* No vCPU converts pages of a new file before the history has heard that there is one. */
	if (held) {
		let_vcpus_go(s);
		pthread_mutex_lock(&s->vm->lock);
	}
	memory_undo(s->memory, id, first, pages);
	mapping_changes(s, id);
	if (told && !held)
		log_event(h, event);
	undone.begin = stage_ticket(s);
	if (operation_undo_event(id, s->config.kind, &undone))
		log_event(h, undone);
	if (held)
		pthread_mutex_unlock(&s->vm->lock);
}

static void step_operation(struct stage_host *h, const struct plan_op *op)
{
	const enum operation_id id = op->kind - PLAN_OPERATION;
	const uint8_t flags = operation_get(id)->flags;
	struct stage *s = h->stage;
	const uint8_t locks = locks_of(s, id);
	uint32_t first, pages = plan_op_pages(&s->config, s->layout, op, &first);
	unsigned int i;

	lock(s, locks);
	if (flags & OPERATION_HELD)
		hold_vcpus(s);
	if (flags & (OPERATION_ACROSS | OPERATION_WHOLE)) {
		step_part(h, id, first, pages);
	} else {
		for (i = 0; i < s->config.slots; i++) {
			uint32_t begin = first, n = pages;

			memory_part(s->memory, i, &begin, &n);
			if (n)
				step_part(h, id, begin, n);
		}
	}
	unlock(s, locks);
}

static void step_access(struct stage_host *h, const struct plan_op *op)
{
	struct stage *s = h->stage;
	uint64_t *word = memory_page_word(s->memory, op->page, op->word);
	const bool write = op->kind == PLAN_HOST_WRITE;
	struct event event = {
		.page = op->page, .pages = 1, .word = op->word,
		.kind = write ? EVENT_WRITE : EVENT_READ,
		.flags = operation_host_copy(s->config.kind),
	};
	int signal;

	if (write)
		event.value = token_make(s->vm->number, h->actor, ++h->seq, op->page, op->word);
	event.begin = stage_ticket(s);
	signal = write ? guarded_write(word, event.value) : guarded_read(word, &event.value);
	h->signals += signal != 0;
	/* Legal while the mapping is read-only, sealed, or away. */
	if (signal && !write)
		return;
	if (signal)
		event.flags |= EVENT_MAYBE;
	log_event(h, event);
}

bool stage_step(struct stage_host *h, const struct plan_op *op)
{
	struct stage *s = h->stage;

	switch (op->kind) {
	case PLAN_HOST_READ:
	case PLAN_HOST_WRITE:
		step_access(h, op);
		return true;
	case PLAN_SIGNAL:
		pthread_kill(s->agents[op->vcpu]->thread, SIGUSR1);
		return true;
	default:
		if (s->lacking >> (op->kind - PLAN_OPERATION) & 1 ||
		    memory_used_up(s->memory, op->kind - PLAN_OPERATION))
			return false;
		step_operation(h, op);
		return true;
	}
}
