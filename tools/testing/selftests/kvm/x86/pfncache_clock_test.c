// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvmclock as a guest knows it: turned on by the guest's own MSR write, told of a pause, going
 * forward.
 *
 * What is asked here KVM promises on any host.  A stable TSC only decides whether KVM updates
 * the structure rarely (master clock) or whenever a vCPU changes CPUs, and how good the time is
 * that the guest adds to system_time: nothing here depends on it.
 */
#include <errno.h>
#include <string.h>
#include "abi/array.h"
#include "abi/x86/agent_arch.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "memory/memory.h"
#include "pfncache/pfncache.h"
#include "scenario/scene.h"

#define GPA	AGENT_TEST_GPA

static void guest_wrmsr(struct scene *s, uint32_t msr, uint64_t value)
{
	const struct agent_op op = { .opcode = AGENT_OP_WRMSR, .arg = msr, .value = value };

	agent_expect_ok(s->agent, &op, VERDICT_ABI, "WRMSR of kvmclock");
}

static void guest_enter(struct scene *s)
{
	const struct agent_op op = { .opcode = AGENT_OP_NOP };

	agent_run(s->agent, &op);
}

static struct pvclock clock_at(const struct scene *s, uint64_t gpa)
{
	struct pvclock c;

	if (!pvclock_read(memory_word(s->ram, gpa), &c))
		verdict_fail(VERDICT_LOST_WRITE, "kvmclock at rest is not consistent: version %u",
			     c.version);
	return c;
}

/* An MSR write of the guest is as good as the VMM's: on, elsewhere, nowhere, back. */
static void guest_msr(const struct run *run)
{
	const uint32_t msr = *(const uint32_t *)run->arg;
	struct pvclock first, second;
	struct scene s;

	s = scene_open(MEMORY_ANON, 2 * PAGE);
	pfncache_require_space(s.vm);
	guest_wrmsr(&s, msr, GPA | PVCLOCK_ENABLE);
	first = clock_at(&s, GPA);
	if (!first.version || !first.tsc_to_system_mul)
		verdict_fail(VERDICT_LOST_WRITE, "kvmclock turned on by the guest: version %u",
			     first.version);
	guest_wrmsr(&s, msr, (GPA + PAGE) | PVCLOCK_ENABLE);
	second = clock_at(&s, GPA + PAGE);
	if (!second.version || second.system_time < first.system_time)
		verdict_fail(VERDICT_LOST_WRITE, "kvmclock moved by the guest: version %u, %llu ns after %llu ns",
			     second.version, (unsigned long long)second.system_time,
			     (unsigned long long)first.system_time);
	guest_wrmsr(&s, msr, 0);
	first = clock_at(&s, GPA);
	second = clock_at(&s, GPA + PAGE);
	pvclock_set(s.vm, 1ull << 50);
	guest_enter(&s);
	if (clock_at(&s, GPA).version != first.version ||
	    clock_at(&s, GPA + PAGE).version != second.version)
		verdict_fail(VERDICT_STALE_MAPPING, "kvmclock is written after it was turned off");
	scene_close(&s);
}

/* KVM_KVMCLOCK_CTRL: EINVAL without a clock; else the guest finds the flag until it clears it. */
static void stopped(const struct run *run)
{
	struct pvclock *clock;
	struct scene s;
	int r;

	(void)run;
	s = scene_open(MEMORY_ANON, 2 * PAGE);
	pfncache_require_space(s.vm);
	clock = (struct pvclock *)memory_word(s.ram, GPA);
	r = __pvclock_stopped(s.agent->vcpu);
	if (r != -EINVAL)
		verdict_fail(VERDICT_ABI, "KVM_KVMCLOCK_CTRL without kvmclock: %s, expected %s",
			     strerror(-r), strerror(EINVAL));
	guest_wrmsr(&s, MSR_KVM_SYSTEM_TIME_NEW, GPA | PVCLOCK_ENABLE);
	if (clock_at(&s, GPA).flags & PVCLOCK_GUEST_STOPPED)
		verdict_fail(VERDICT_ABI, "the guest was never stopped, and is told so");
	r = __pvclock_stopped(s.agent->vcpu);
	guest_enter(&s);
	if (r || !(clock_at(&s, GPA).flags & PVCLOCK_GUEST_STOPPED))
		verdict_fail(VERDICT_LOST_WRITE, "KVM_KVMCLOCK_CTRL: %s, flags %#x", strerror(-r),
			     clock_at(&s, GPA).flags);
	pvclock_set(s.vm, 1ull << 50);
	guest_enter(&s);
	if (!(clock_at(&s, GPA).flags & PVCLOCK_GUEST_STOPPED))
		verdict_fail(VERDICT_LOST_WRITE, "an update of the clock took the flag away");
	clock->flags &= ~PVCLOCK_GUEST_STOPPED;
	pvclock_set(s.vm, 1ull << 51);
	guest_enter(&s);
	if (clock_at(&s, GPA).flags & PVCLOCK_GUEST_STOPPED)
		verdict_fail(VERDICT_STALE_MAPPING, "the guest cleared the flag, and it is back");
	scene_close(&s);
}

/* Update for update the version rises and the time does not go back, for one vCPU. */
static void forward(const struct run *run)
{
	struct pvclock last, c;
	struct scene s;
	uint64_t i;

	s = scene_open(MEMORY_ANON, 2 * PAGE);
	pfncache_require_space(s.vm);
	guest_wrmsr(&s, MSR_KVM_SYSTEM_TIME_NEW, GPA | PVCLOCK_ENABLE);
	last = clock_at(&s, GPA);
	for (i = 0; i < run->iterations; i++) {
		if (__pvclock_stopped(s.agent->vcpu))
			verdict_fail(VERDICT_ABI, "KVM_KVMCLOCK_CTRL with kvmclock failed");
		guest_enter(&s);
		c = clock_at(&s, GPA);
		if (c.version == last.version || (int32_t)(c.version - last.version) < 0 ||
		    c.system_time < last.system_time)
			verdict_fail(VERDICT_LOST_WRITE,
				     "update %llu: version %u after %u, system_time %llu after %llu",
				     (unsigned long long)i, c.version, last.version,
				     (unsigned long long)c.system_time,
				     (unsigned long long)last.system_time);
		last = c;
		verdict_progress();
	}
	scene_close(&s);
}

#define MSR(n)	guest_msr, &(const uint32_t){ n }

static const struct subtest subtests[] = {
	{ "clock/guest-msr", "a guest turns its clock on, moves it, and turns it off",
	  MSR(MSR_KVM_SYSTEM_TIME_NEW) },
	{ "clock/guest-msr-old",
	  "a guest turns its clock on, moves it, and turns it off by the old MSR",
	  MSR(MSR_KVM_SYSTEM_TIME) },
	{ "clock/stopped", "a guest is told once that it was stopped", stopped },
	{ "clock/forward", "a vCPU's clock does not go back", forward },
};

TEST_PROGRAM("pfncache_clock_test", subtests, .iterations = 200)
