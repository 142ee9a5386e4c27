// SPDX-License-Identifier: GPL-2.0-only
/* The operations of the matrix: what each needs, does, leaves behind and gives back. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/page.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "memory/ram.h"
#include "race/ops_parts.h"

#define PAGE		page_size()

#define ANON		(1 << MEMORY_ANON)
#define SHARED		(1 << MEMORY_SHARED)
#define SPLIT		(1 << MEMORY_SPLIT)
#define GMEM		(SHARED | SPLIT)
#define ALL		(ANON | GMEM)

/* Where a memslot goes that is moved, and where another one is. */
#define MOVED_GPA	(AGENT_TEST_GPA + (1ull << 30))
#define OTHER_GPA	(AGENT_TEST_GPA + (2ull << 30))
#define OTHER_SLOT	100

/* Of split memory the file holds the private copy. */
static uint8_t file_copy(const struct race *r)
{
	return r->kind == MEMORY_SPLIT ? EVENT_COPY0 : 0;
}

void race_log_reset(struct race *r, unsigned int k, uint8_t copy)
{
	struct race_actor *a = &r->actor[k];
	struct event event = {
		.begin = a->begin, .end = a->end, .page = r->first, .pages = r->pages,
		.kind = EVENT_RESET, .flags = copy | (a->error ? EVENT_MAYBE : 0),
	};

	race_log(r, a->host, event);
}

static int punch(struct race *r, struct race_actor *a)
{
	(void)a;
	return __gmem_punch(r->stage->gmem, r->first * PAGE, r->pages * PAGE);
}

static void punch_log(struct race *r, unsigned int k)
{
	race_log_reset(r, k, file_copy(r));
}

static int allocate(struct race *r, struct race_actor *a)
{
	(void)a;
	return __gmem_allocate(r->stage->gmem, r->first * PAGE, r->pages * PAGE);
}

static int set_attributes(struct race *r, uint64_t attributes)
{
	return __attributes_set(r->stage->vm, stage_gpa(r->first), r->pages * PAGE, attributes);
}

static void be_shared(struct race *r)
{
	race_convert(r, true);
}

static void be_private(struct race *r)
{
	race_convert(r, false);
}

static int to_private(struct race *r, struct race_actor *a)
{
	(void)a;
	return set_attributes(r, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

static int to_shared(struct race *r, struct race_actor *a)
{
	(void)a;
	return set_attributes(r, 0);
}

/* What the attributes are already, unless another side changes them. */
static int to_same(struct race *r, struct race_actor *a)
{
	(void)a;
	return set_attributes(r, r->shared ? 0 : KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

static void convert_log(struct race *r, unsigned int k)
{
	struct race_actor *a = &r->actor[k];
	struct event event = {
		.begin = a->begin, .end = a->end, .page = r->first, .pages = r->pages,
		.kind = EVENT_CONVERT, .flags = a->error ? EVENT_MAYBE : 0,
		.value = r->side[k]->run == to_same ? r->shared : r->side[k]->run == to_shared,
	};

	race_log(r, a->host, event);
}

static int pre_fault(struct race *r, struct race_actor *a)
{
	struct kvm_pre_fault_memory range = {
		.gpa = stage_gpa(r->first), .size = r->pages * PAGE,
	};

	int error = __vcpu_ioctl(r->stage->spare, KVM_PRE_FAULT_MEMORY, &range);

	(void)a;
	if (error && !vm_cap(r->stage->vm, KVM_CAP_PRE_FAULT_MEMORY))
		verdict_skip("no pre-fault (KVM_CAP_PRE_FAULT_MEMORY is 0)");
	return error;
}

static int slot_delete(struct race *r, struct race_actor *a)
{
	(void)a;
	return __memslot_delete(r->stage->vm, &r->stage->slots[0]);
}

static int slot_create(struct race *r, struct race_actor *a)
{
	(void)a;
	return __memslot_set(r->stage->vm, &r->stage->slots[0]);
}

static void slot_absent(struct race *r)
{
	__memslot_delete(r->stage->vm, &r->stage->slots[0]);
}

static void slot_present(struct race *r)
{
	__memslot_delete(r->stage->vm, &r->stage->slots[0]);
	memslot_set(r->stage->vm, &r->stage->slots[0]);
}

static int slot_move(struct race *r, struct race_actor *a)
{
	struct memslot moved = r->stage->slots[0];

	(void)a;
	moved.gpa = MOVED_GPA;
	return __memslot_set(r->stage->vm, &moved);
}

/* To plain memory where it is guest_memfd, to read-only where it is plain. */
static int slot_toggle(struct race *r, struct race_actor *a)
{
	struct memslot toggled = r->stage->slots[0];

	(void)a;
	toggled.flags = toggled.flags & KVM_MEM_GUEST_MEMFD ? 0 : KVM_MEM_READONLY;
	return __memslot_set(r->stage->vm, &toggled);
}

/* Memory that nobody uses; its deletion can make all page tables of the VM obsolete. */
static int other_slot(struct race *r, struct race_actor *a)
{
	struct memslot other = {
		.id = OTHER_SLOT, .gpa = OTHER_GPA, .size = r->stage->slots[0].size,
		.hva = r->stage->hva,
	};
	int error = __memslot_set(r->stage->vm, &other);

	(void)a;
	return error ? error : __memslot_delete(r->stage->vm, &other);
}

/* A mapping keeps the file open: it goes with it. */
static int file_close(struct race *r, struct race_actor *a)
{
	(void)a;
	if (r->kind == MEMORY_SHARED)
		munmap(r->stage->hva, RACE_PAGES * PAGE);
	return race_result(close(r->stage->gmem));
}

/* Others may have kept the file open until they were done. */
static void file_close_log(struct race *r, unsigned int k)
{
	struct event event = {
		.begin = r->actor[k].begin, .end = race_ticket(r), .pages = RACE_PAGES,
		.kind = EVENT_RESET, .flags = file_copy(r),
	};

	race_log(r, r->actor[k].host, event);
}

static void file_reopen(struct race *r)
{
	struct stage *s = r->stage;

	__memslot_delete(s->vm, &s->slots[0]);
	s->gmem = gmem_create(s->vm, RACE_PAGES * PAGE, ram_gmem_flags(r->kind));
	s->slots[0].gmem = s->gmem;
	if (r->kind == MEMORY_SHARED)
		stage_map(s, 0, 0, RACE_PAGES);
	memslot_set(s->vm, &s->slots[0]);
}

static int dirty_log(struct race *r, struct race_actor *a)
{
	uint64_t bitmap[RACE_PAGES / 64 + 1];
	struct kvm_dirty_log log = { .slot = r->stage->slots[0].id, .dirty_bitmap = bitmap };

	(void)a;
	return __vm_ioctl(r->stage->vm, KVM_GET_DIRTY_LOG, &log);
}

static int create_vcpu(struct race *r, struct race_actor *a)
{
	struct vm *vm = r->stage->vm;
	int fd = __vm_ioctl(vm, KVM_CREATE_VCPU, (void *)(8 + 2 * r->sync.races + a->k));

	return fd < 0 ? fd : race_result(close(fd));
}

const struct race_side race_sides[] = {
	{ "guest-read", "a vCPU reads", ALL, .guest = true, .kind = PLAN_READ },
	{ "guest-write", "a vCPU writes", ALL, .guest = true, .kind = PLAN_WRITE },
	{ "guest-execute", "a vCPU stores code and runs it", ALL, .guest = true,
	  .kind = PLAN_EXECUTE },
	{ "host-write", "a host thread writes through the mapping", ALL, RACE_MAPPING,
	  .run = race_map_write, .log = race_map_write_log },
	{ "punch", "PUNCH_HOLE in the guest_memfd", GMEM, RACE_FREES, .run = punch,
	  .log = punch_log },
	{ "allocate", "fallocate of the guest_memfd", GMEM, .run = allocate },
	{ "to-private", "the range becomes private", SPLIT, .prepare = be_shared,
	  .run = to_private, .log = convert_log },
	{ "to-shared", "the range becomes shared", SPLIT, .prepare = be_private,
	  .run = to_shared, .log = convert_log },
	{ "to-same", "the range becomes what it is", SPLIT, .run = to_same,
	  .log = convert_log },
	{ "pre-fault", "KVM_PRE_FAULT_MEMORY of the range", ALL, RACE_ONCE, .run = pre_fault },
	{ "slot-delete", "the memslot goes", ALL, RACE_TAKES, .run = slot_delete,
	  .restore = slot_present },
	{ "slot-create", "the memslot comes", ALL, RACE_TAKES, .prepare = slot_absent,
	  .run = slot_create, .restore = slot_present },
	{ "slot-move", "the memslot gets another address", ANON, RACE_TAKES,
	  .run = slot_move, .restore = slot_present },
	{ "slot-toggle", "a flag of the memslot that cannot change", ALL, .error = EINVAL,
	  .run = slot_toggle },
	{ "other-slot", "another memslot comes and goes", ALL, RACE_ONCE, .run = other_slot },
	{ "file-close", "the last reference to the guest_memfd", GMEM,
	  RACE_TAKES | RACE_ONCE | RACE_FILE | RACE_FREES, .run = file_close, .log = file_close_log,
	  .restore = file_reopen },
	{ "discard", "MADV_DONTNEED of the mapping", ALL, RACE_MAPPING, .run = race_map_discard,
	  .log = race_map_discard_log },
	{ "unmap", "munmap of the mapping", ALL, RACE_MAPPING | RACE_TAKES, .run = race_unmap,
	  .log = race_map_discard_log, .restore = race_remap },
	{ "protect", "mprotect of the mapping to read-only", ALL, RACE_MAPPING | RACE_TAKES,
	  .run = race_protect, .restore = race_unprotect },
	{ "fork", "a child gets the mapping, writes, and exits", ALL, RACE_MAPPING | RACE_ONCE,
	  .run = race_fork },
	{ "bind", "mbind of the mapping, which may move pages", ALL, RACE_MAPPING,
	  .run = race_map_bind },
	{ "page-out", "the mapping is swapped out", ANON | SPLIT, RACE_MAPPING,
	  .run = race_map_page_out },
	{ "dirty-log", "KVM_GET_DIRTY_LOG", ANON, .run = dirty_log },
	{ "vcpu-create", "a vCPU comes and goes", ALL, RACE_FRESH, .run = create_vcpu },
	{ NULL }
};

const struct race_side *race_side_find(const char *name)
{
	const struct race_side *s;

	for (s = race_sides; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}
