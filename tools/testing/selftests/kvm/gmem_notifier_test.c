// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_CAP_SYNC_MMU: what the host does to the memory behind a memslot shows in a running guest
 * at once (include/uapi/linux/kvm.h; api.rst, 4.35).  The vCPU waits in the guest, without
 * leaving it, while the host unmaps, protects, discards, moves or swaps out, and looks when
 * that is done; then the host writes, and it looks again.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/kvm_ioctl.h"
#include "race/race.h"
#include "scenario/scene_page.h"

#define PAGES	8u

static void run_reported(const struct run *run)
{
	struct vm *vm = vm_create_bare(vm_default);

	(void)run;
	if (kvm_cap(KVM_CAP_SYNC_MMU) != 1 || vm_cap(vm, KVM_CAP_SYNC_MMU) != 1)
		verdict_fail(VERDICT_ABI, "KVM_CAP_SYNC_MMU is %d on /dev/kvm and %d on a VM, expected 1",
			     kvm_cap(KVM_CAP_SYNC_MMU), vm_cap(vm, KVM_CAP_SYNC_MMU));
	vm_destroy(vm);
}

struct change {
	const char *side;	/* of race_sides() */
	enum memory_kind kind;
};

static void run_change(const struct run *run)
{
	const struct change *change = run->arg;
	struct race_config config = {
		.side = { race_side_find("guest-read"), race_side_find(change->side) },
		.kind = change->kind, .seed = run->seed, .duration = 60.0,
		.iterations = run->iterations, .alone = true,
	};
	struct race_result r = race_run(&config);

	verdict_exercised(r.races, r.overlaps);
}

/* Memory that the host has a mapping of its own of, and that the guest sees through it. */
static struct scene open_host_memory(enum memory_kind kind)
{
	struct scene s = scene_open(kind, PAGES * page_size());

	if (kind == MEMORY_SPLIT)
		attributes_set(s.vm, s.ram->slots[0].gpa, s.ram->size, 0);
	return s;
}

static void protect(const struct scene *s, uint32_t page, int prot)
{
	verdict_require(!mprotect(memory_at(s->ram, page), page_size(), prot), "mprotect");
}

static enum agent_action give_up(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	struct vcpu_exit *seen = arg;

	(void)a;
	*seen = *exit;
	return AGENT_ABORT;
}

/* A write of the guest's to a page that it has mapped writable, and the host read-only since. */
static void expect_refused(struct scene *s, uint32_t page, uint64_t value, uint64_t old)
{
	const struct agent_op op = {
		.opcode = AGENT_OP_WRITE, .gpa = scene_word_gpa(s, page), .value = value,
	};
	struct vcpu_exit seen = { 0 };
	char text[200];

	s->agent->on_fault = give_up;
	s->agent->on_fault_arg = &seen;
	if (!agent_access_refused(s->agent, &op))
		verdict_fail(VERDICT_PERMISSION, "page %u: a vCPU wrote to what the host has made read-only",
			     page);
	s->agent->on_fault = NULL;
	if (s->vm->level != VM_LEVEL_EMULATOR && seen.error != -EFAULT) {
		vcpu_exit_describe(&seen, text, sizeof(text));
		verdict_fail(VERDICT_ABI, "page %u: a write to what the host has made read-only: %s; expected EFAULT",
			     page, text);
	}
	scene_check(s, page, *scene_word(s, page), old, "the host, after a write that was refused");
	scene_check(s, page, agent_read(s->agent, op.gpa), old, "a vCPU, after it");
}

static void run_read_only(const struct run *run)
{
	struct scene s = open_host_memory(*(const enum memory_kind *)run->arg);
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		const uint32_t page = i % PAGES;
		const uint64_t token = scene_token(&s, 2 * i, page);

		agent_write(s.agent, scene_word_gpa(&s, page), token);
		protect(&s, page, PROT_READ);
		expect_refused(&s, page, scene_token(&s, 2 * i + 1, page), token);
		protect(&s, page, PROT_READ | PROT_WRITE);
	}
	scene_close(&s);
}

/* What a child sees of a page when it is told to look. */
struct child {
	pid_t pid;
	int look[2], answer[2];
};

static struct child child_create(const struct scene *s, uint32_t page)
{
	struct child c;
	uint64_t seen = 0;

	verdict_require(!pipe(c.look) && !pipe(c.answer), "pipe");
	c.pid = fork();
	verdict_require(c.pid >= 0, "fork");
	if (c.pid)
		return c;
	if (read(c.look[0], &seen, 1) == 1)
		seen = *(volatile uint64_t *)scene_word(s, page);
	_exit(write(c.answer[1], &seen, sizeof(seen)) != sizeof(seen));
}

static uint64_t child_look(struct child *c)
{
	uint64_t seen = 0;

	verdict_require(write(c->look[1], "", 1) == 1 &&
			read(c->answer[0], &seen, sizeof(seen)) == sizeof(seen), "pipe");
	verdict_require(waitpid(c->pid, NULL, 0) == c->pid, "waitpid");
	close(c->look[0]);
	close(c->look[1]);
	close(c->answer[0]);
	close(c->answer[1]);
	return seen;
}

/* A page that parent and child have copies of from now on: the guest is the parent's. */
static void run_child(const struct run *run)
{
	struct scene s = open_host_memory(*(const enum memory_kind *)run->arg);
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		const uint32_t page = i % PAGES;
		const uint64_t old = scene_token(&s, 2 * i, page), gpa = scene_word_gpa(&s, page);
		const uint64_t new = scene_token(&s, 2 * i + 1, page);
		struct child child;
		uint64_t seen;

		agent_write(s.agent, gpa, old);
		child = child_create(&s, page);
		agent_write(s.agent, gpa, new);
		seen = child_look(&child);
		if (seen == new)
			verdict_fail(VERDICT_LEAK, "page %u: what the guest wrote after fork() is in the child's copy",
				     page);
		scene_check(&s, page, seen, old, "the child's copy");
		scene_check(&s, page, *scene_word(&s, page), new, "the parent's copy");
		scene_check(&s, page, agent_read(s.agent, gpa), new, "a vCPU's");
	}
	scene_close(&s);
}

#define ON(kind)		&(const enum memory_kind){ kind }
#define CHANGE(side, kind)	run_change, &(const struct change){ side, kind }

static const struct subtest subtests[] = {
	{ "notifier/reported", "KVM reports KVM_CAP_SYNC_MMU on /dev/kvm and on a VM",
	  run_reported },
	{ "notifier/unmap-anonymous", "munmap of anonymous memory is seen at once",
	  CHANGE("unmap", MEMORY_ANON) },
	{ "notifier/unmap-shared", "munmap of a guest_memfd's mapping is seen at once",
	  CHANGE("unmap", MEMORY_SHARED) },
	{ "notifier/unmap-shared-side", "munmap of the shared copy is seen at once",
	  CHANGE("unmap", MEMORY_SPLIT) },
	{ "notifier/protect-anonymous", "mprotect of anonymous memory is seen at once",
	  CHANGE("protect", MEMORY_ANON) },
	{ "notifier/protect-shared-side", "mprotect of the shared copy is seen at once",
	  CHANGE("protect", MEMORY_SPLIT) },
	{ "notifier/read-only-anonymous",
	  "a vCPU cannot write to anonymous memory that the host has made read-only",
	  run_read_only, ON(MEMORY_ANON) },
	{ "notifier/read-only-shared-side",
	  "a vCPU cannot write to shared pages that the host has made read-only",
	  run_read_only, ON(MEMORY_SPLIT) },
	{ "notifier/discard-anonymous", "MADV_DONTNEED of anonymous memory is seen at once",
	  CHANGE("discard", MEMORY_ANON) },
	{ "notifier/discard-shared", "MADV_DONTNEED of a guest_memfd's mapping changes nothing",
	  CHANGE("discard", MEMORY_SHARED) },
	{ "notifier/discard-shared-side", "MADV_DONTNEED of the shared copy is seen at once",
	  CHANGE("discard", MEMORY_SPLIT) },
	{ "notifier/fork-anonymous", "after fork the guest sees the copies that the parent gets",
	  CHANGE("fork", MEMORY_ANON) },
	{ "notifier/fork-shared-side",
	  "after fork the guest sees the copies of shared pages that the parent gets",
	  CHANGE("fork", MEMORY_SPLIT) },
	{ "notifier/child-anonymous",
	  "a child does not see what the guest writes to anonymous memory after fork",
	  run_child, ON(MEMORY_ANON) },
	{ "notifier/child-shared-side",
	  "a child does not see what the guest writes to shared pages after fork",
	  run_child, ON(MEMORY_SPLIT) },
	{ "notifier/migrate-anonymous", "pages that move to another node are seen there",
	  CHANGE("bind", MEMORY_ANON) },
	{ "notifier/migrate-shared-side",
	  "shared pages that move to another node are seen there",
	  CHANGE("bind", MEMORY_SPLIT) },
	{ "notifier/remap-anonymous", "mmap over anonymous memory is seen at once",
	  CHANGE("remap", MEMORY_ANON) },
	{ "notifier/remap-shared", "mmap over a guest_memfd's mapping of the same pages changes nothing",
	  CHANGE("remap", MEMORY_SHARED) },
	{ "notifier/remap-shared-side", "mmap over the shared copy is seen at once",
	  CHANGE("remap", MEMORY_SPLIT) },
	{ "notifier/unmap-sealed", "munmap of a sealed file's mapping takes nothing from the guest",
	  CHANGE("unmap", MEMORY_SEALED) },
	{ "notifier/discard-sealed", "MADV_DONTNEED of a sealed file's mapping takes nothing from the guest",
	  CHANGE("discard", MEMORY_SEALED) },
	{ "notifier/migrate-shared", "a guest_memfd's pages are seen where mbind moves them",
	  CHANGE("bind", MEMORY_SHARED) },
	{ "notifier/page-out-anonymous", "pages that are swapped out come back as they were",
	  CHANGE("page-out", MEMORY_ANON) },
	{ "notifier/page-out-shared-side",
	  "shared pages that are swapped out come back as they were",
	  CHANGE("page-out", MEMORY_SPLIT) },
};

TEST_PROGRAM("gmem_notifier_test", subtests)
