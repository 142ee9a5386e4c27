// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "pfncache/backing.h"

static void scene_open(struct backing_scene *s, const struct pfncache_kind *kind,
		       const struct vm_type *type)
{
	memset(s, 0, sizeof(*s));
	s->kind = kind;
	pfncache_open_on(&s->p, kind, vm_create(type));
	s->agent = agent_create(s->p.vm, 1, -1);
	s->copy = vm_control_alloc(s->p.vm, BACKING_SIZE);
	s->slot = (struct memslot){
		.id = s->p.vm->next_slot++, .gpa = BACKING_GPA, .size = BACKING_SIZE,
	};
}

static void scene_close(struct backing_scene *s)
{
	memslot_delete(s->p.vm, &s->slot);
	agent_destroy(s->agent);
	if (s->slot.hva)
		munmap(s->slot.hva, s->slot.size);
	if (s->slot.flags & KVM_MEM_GUEST_MEMFD)
		close(s->slot.gmem);
	pfncache_close(&s->p);
}

bool backing_guest_shows(struct backing_scene *s)
{
	const struct agent_op op = {
		.opcode = AGENT_OP_COPY, .gpa = BACKING_GPA, .size = BACKING_SIZE, .arg = s->copy,
	};

	agent_expect_ok(s->agent, &op, VERDICT_PERMISSION, "the guest looks at its own page");
	return s->kind->shows(vm_control_ptr(s->p.vm, s->copy), s->token);
}

bool backing_host_shows(const struct backing_scene *s)
{
	return s->kind->shows(s->slot.hva, s->token);
}

void *backing_map(uint64_t size, int flags, int fd)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	verdict_require(p != MAP_FAILED, "mmap of %llu bytes", (unsigned long long)size);
	return p;
}

int backing_use(struct backing_scene *s)
{
	return s->kind->use(&s->p, ++s->token);
}

void backing_point(struct backing_scene *s)
{
	pfncache_point(&s->p, s->kind, s->kind->hva ? (uintptr_t)s->slot.hva : BACKING_GPA);
}

void backing_same(struct backing_scene *s, const char *what)
{
	int r = backing_use(s);
	bool host = backing_host_shows(s), guest = backing_guest_shows(s);

	if (r || !host || !guest)
		verdict_fail(VERDICT_LOST_WRITE, "%s, %s: use: %s; the host %s it, the guest %s",
			     s->kind->name, what, strerror(-r), host ? "sees" : "does not see",
			     guest ? "does" : "does not");
}

static const struct vm_type *type_needed(const struct backing *b)
{
	const struct vm_type *type = b->private ? vm_type_private() : vm_default;

	if (!type)
		verdict_skip("no VM type with private memory is offered (KVM_CAP_VM_TYPES %#x)",
			     kvm_cap(KVM_CAP_VM_TYPES));
	return type;
}

/* Does KVM write to private memory, where no userspace address leads to it? */
static bool probe_aware(void)
{
	struct backing_scene s;
	bool aware;

	if (!vm_type_private())
		return false;
	scene_open(&s, &pfncache_kinds[0], vm_type_private());
	gmem_require(s.p.vm, 0);
	s.slot.flags = KVM_MEM_GUEST_MEMFD;
	s.slot.gmem = gmem_create(s.p.vm, BACKING_SIZE, 0);
	attributes_set(s.p.vm, BACKING_GPA, BACKING_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	memslot_set(s.p.vm, &s.slot);
	backing_point(&s);
	backing_use(&s);
	aware = backing_guest_shows(&s);
	scene_close(&s);
	return aware;
}

void backing_each_kind(const struct backing *b, void (*fn)(struct backing_scene *s))
{
	const struct vm_type *type = type_needed(b);
	bool aware = b->apart && probe_aware();
	const struct pfncache_kind *kind;
	struct backing_scene s;

	for (kind = pfncache_kinds; kind->name; kind++) {
		if (!pfncache_offered(kind) || (b->apart && kind->hva))
			continue;
		scene_open(&s, kind, type);
		s.aware = aware;
		b->back(&s);
		memslot_set(s.p.vm, &s.slot);
		fn(&s);
		scene_close(&s);
		verdict_progress();
	}
}
