// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "harness/diagnose.h"
#include "machine/attributes.h"
#include "machine/machine_arch.h"
#include "scenario/sweep.h"

uint64_t sweep_bytes(struct sweep_bytes b)
{
	return (uint64_t)b.pages * getpagesize() + b.rest;
}

uint64_t sweep_gpa(enum sweep_base base, struct sweep_bytes offset)
{
	static const uint64_t bases[] = {
		[SWEEP_FROM_VICTIM] = SWEEP_GPA,
		[SWEEP_FROM_SPARE] = SWEEP_SPARE_GPA,
		[SWEEP_FROM_ZERO] = 0,
	};

	return bases[base] + sweep_bytes(offset);
}

static const char *errno_name(int error)
{
	const char *name = strerrorname_np(error);

	return !error ? "success" : name ? name : "an unknown errno";
}

static void add_line(struct sweep *api, const char *line)
{
	size_t used = strlen(api->text);

	api->wrong++;
	if (used + strlen(line) + 2 > sizeof(api->text))
		return;
	snprintf(api->text + used, sizeof(api->text) - used, "\n%s", line);
}

void sweep_wrong(struct sweep *api, const char *fmt, ...)
{
	char what[300], line[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(line, sizeof(line), "VM type %s: %s", api->vm->type->name, what);
	add_line(api, line);
}

static void __attribute__((noreturn)) sweep_fail(const struct sweep *api, enum verdict_class cls)
{
	verdict_fail(cls, "%u wrong after %u calls:%s", api->wrong, api->calls, api->text);
}

static uint64_t victim_token(const struct sweep *api)
{
	return token_make(api->vm->number, TOKEN_ACTOR_FILL, 1, 0, 0);
}

void sweep_check_victim(struct sweep *api, const char *call)
{
	struct agent_op op = {
		.opcode = AGENT_OP_VERIFY, .gpa = SWEEP_GPA, .size = api->ram->size,
		.value = victim_token(api), .arg = SWEEP_GPA,
	};
	const struct agent_result *r = agent_run(api->agent, &op);
	uint64_t size = (uint64_t)SWEEP_FILE_PAGES * getpagesize();
	enum verdict_class cls = VERDICT_PERMISSION;
	struct stat st;
	char text[250];

	if (fstat(api->file, &st) || (uint64_t)st.st_size != size)
		sweep_wrong(api, "%s: the file's size is %lld, was %llu", call,
			    (long long)st.st_size, (unsigned long long)size);
	if (r->status == AGENT_OK)
		return;
	if (r->status == AGENT_MISMATCH)
		cls = diagnose_class(r->value, r->expected, api->vm->number,
				     (r->gpa - SWEEP_GPA) / TOKEN_PAGE_SIZE,
				     r->gpa % TOKEN_PAGE_SIZE / 8);
	agent_describe(api->agent, text, sizeof(text));
	sweep_wrong(api, "%s: the guest's memory afterwards: %s", call, text);
	sweep_fail(api, cls);
}

int sweep_expect(struct sweep *api, int expected, long result, const char *fmt, ...)
{
	int other = expected >> 8, got = result < 0 ? -result : 0;
	char call[200];
	va_list args;

	expected &= 0xff;
	va_start(args, fmt);
	vsnprintf(call, sizeof(call), fmt, args);
	va_end(args);
	api->calls++;
	if (got != expected && (!other || got != other))
		sweep_wrong(api, "%s: expected %s%s%s, got %s", call, errno_name(expected),
			  other ? " or " : "", other ? errno_name(other) : "", errno_name(got));
	sweep_check_victim(api, call);
	return !got;
}

static void victim_create(struct sweep *api, struct vm *vm)
{
	uint64_t size = (uint64_t)SWEEP_RAM_PAGES * getpagesize();
	const enum memory_kind kind = vm->type->private_memory ? MEMORY_PRIVATE : MEMORY_SHARED;

	api->vm = vm;
	api->flags = memory_gmem_flags(kind);
	api->file = gmem_create(vm, (uint64_t)SWEEP_FILE_PAGES * getpagesize(), api->flags);
	api->ram = memory_create_on(vm, kind, SWEEP_GPA, size, api->file,
				 (uint64_t)SWEEP_RAM_FIRST * getpagesize());
	api->agent = agent_create(vm, 0, -1);
	agent_fill(api->agent, SWEEP_GPA, SWEEP_GPA, size, victim_token(api));
}

/*
 * A refused call must not leave anything behind either: the slot goes and comes back on
 * the same gpas and the same part of the file, and the guest faults its pages in anew.
 */
static void victim_destroy(struct sweep *api)
{
	memory_unplug(api->ram);
	memory_plug(api->ram);
	sweep_check_victim(api, "after all calls, slot deleted and created again");
	agent_destroy(api->agent);
	memory_destroy(api->ram);
	vm_destroy(api->vm);
}

/* Why the type cannot be swept, or NULL and the victim's VM. */
static const char *type_usable(const struct vm_type *type, struct vm **vm)
{
	uint64_t flags = memory_gmem_flags(type->private_memory ? MEMORY_PRIVATE : MEMORY_SHARED);
	const char *why;

	if (!vm_type_offered(type))
		return "not offered";
	if (!type->agent_boots)
		return "the agent does not boot there";
	if (!arch_vm_type_runs(type))
		return "guests do not run: docs/findings.md, 20";
	*vm = vm_create(type);
	why = !vm_cap(*vm, KVM_CAP_GUEST_MEMFD) ? "no guest_memfd (KVM_CAP_GUEST_MEMFD is 0)" :
	      flags & ~gmem_flags(*vm) ? "no shared guest_memfd (KVM_CAP_GUEST_MEMFD_FLAGS)" : NULL;
	if (why)
		vm_destroy(*vm);
	return why;
}

void sweep_run(const struct run *run)
{
	const struct sweep_subject *s = run->arg;
	char swept[100] = "", left_out[300] = "";
	const struct vm_type *type;
	struct sweep api = { 0 };
	struct vm *vm;

	for (type = vm_types; type->name; type++) {
		if (type->guest == VM_GUEST_TDX_PLAYED)
			continue;	/* KVM knows no such type */
		const char *why = type_usable(type, &vm);
		size_t used = strlen(left_out);

		if (why) {
			snprintf(left_out + used, sizeof(left_out) - used, "%s%s (%s)",
				 used ? ", " : "", type->name, why);
			continue;
		}
		victim_create(&api, vm);
		s->calls(&api);
		victim_destroy(&api);
		snprintf(swept + strlen(swept), sizeof(swept) - strlen(swept), " %s", type->name);
	}
	if (!api.calls)
		verdict_skip("no VM type to try it on: %s", left_out);
	verdict_note("%s: %u calls on VM types%s; left out: %s", run->id, api.calls, swept,
		     left_out[0] ? left_out : "none");
	if (api.wrong)
		sweep_fail(&api, api.cls ? api.cls : VERDICT_ABI);
}

struct memslot sweep_slot_good(struct sweep *api)
{
	uint64_t size = (uint64_t)SWEEP_FILE_PAGES * getpagesize();
	void *hva = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	verdict_require(hva != MAP_FAILED, "mmap");
	return (struct memslot){
		.id = SWEEP_SLOT,
		.flags = KVM_MEM_GUEST_MEMFD,
		.gpa = SWEEP_SPARE_GPA,
		.size = getpagesize(),
		.hva = hva,
		.gmem = gmem_create(api->vm, size, api->flags),
	};
}

int sweep_slot_set(struct sweep *api, int expected, const struct memslot *s, const char *what)
{
	return sweep_expect(api, expected, __memslot_set(api->vm, s),
			  "%s: slot %#x flags %#x gpa %#llx size %#llx hva %p fd %d offset %#llx",
			  what, s->id, s->flags, (unsigned long long)s->gpa,
			  (unsigned long long)s->size, s->hva, s->gmem,
			  (unsigned long long)s->gmem_offset);
}

void sweep_slot_delete(struct sweep *api, int expected, uint32_t id, const char *what)
{
	struct memslot gone = { .id = id };

	sweep_slot_set(api, expected, &gone, what);
}

void sweep_slot_try(struct sweep *api, int expected, const struct memslot *s, const char *what)
{
	if (sweep_slot_set(api, expected, s, what))
		sweep_slot_delete(api, 0, s->id, "delete");
}
