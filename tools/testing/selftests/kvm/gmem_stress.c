// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs use random pages of guest memory while host threads do random things to random
 * ranges of it.  Every word has a single writer, which makes its model exact: each
 * value read is judged at once, by the vCPU that read it.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "attributes.h"
#include "gmem.h"
#include "known_issues.h"
#include "nodes.h"
#include "runner.h"
#include "watcher.h"

#define GPA	AGENT_TEST_GPA

static uint64_t vcpus = 2, host_threads = 1, pages = 64;

enum op { OP_PUNCH, OP_ALLOCATE, OP_CONVERT, OP_DISCARD, OP_PRE_FAULT, OP_UNPLUG, OP_COUNT };

static const char *const op_names[] = {
	[OP_PUNCH] = "punch",
	[OP_ALLOCATE] = "fallocate",
	[OP_CONVERT] = "convert",
	[OP_DISCARD] = "discard",
	[OP_PRE_FAULT] = "pre-fault",
	[OP_UNPLUG] = "slot",
};

/* One row: memory, threads that use the host's mapping, and of a hundred operations how many. */
struct scenario {
	enum ram_kind kind;
	unsigned int host_actors;
	uint32_t weight[OP_COUNT];
};

struct stress {
	const struct scenario *scenario;
	struct watchers w;
	struct ram *ram;
	struct vcpu *spare;	/* never run: its ioctls do not wait for KVM_RUN */
	uint8_t *busy;		/* per page: somebody operates on it */
	uint8_t *copy;		/* per page: copy that an access reaches */
	bool pre_fault;
	uint32_t stop;
};

struct worker {
	pthread_t thread;
	struct stress *s;
	struct prng prng;
	uint64_t done[OP_COUNT];
};

static void release(struct stress *s, uint32_t first, uint32_t count)
{
	while (count--)
		__atomic_store_n(&s->busy[first++], 0, __ATOMIC_RELEASE);
}

/* Take the range if nobody is operating on any of its pages. */
static bool acquire(struct stress *s, uint32_t first, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (__atomic_exchange_n(&s->busy[first + i], 1, __ATOMIC_ACQUIRE)) {
			release(s, first, i);
			return false;
		}
	return true;
}

/* A timeline transition that leaves each page of the range on the copy it is on. */
static void begin_in_place(struct stress *s, uint32_t first, uint32_t count, uint8_t state)
{
	uint32_t i;

	for (i = first; i < first + count; i++)
		watchers_begin(&s->w, i, 1, state | s->copy[i]);
}

static void op_convert(struct stress *s, uint32_t first, uint32_t count)
{
	uint8_t to = !s->copy[first];
	uint32_t i;

	watchers_begin(&s->w, first, count, to);
	attributes_set(s->ram->vm, GPA + first * (uint64_t)TOKEN_PAGE_SIZE,
		       count * (uint64_t)TOKEN_PAGE_SIZE, to ? 0 : KVM_MEMORY_ATTRIBUTE_PRIVATE);
	watchers_end(&s->w, first, count);
	for (i = first; i < first + count; i++)
		s->copy[i] = to;
}

/*
 * The slot goes and comes back, contents stay; in between the guest meets a hole.  All
 * pages are made private first where there are two copies: a shared access to the hole
 * followed by a conversion is docs/findings.md, 3, and would end the run.
 */
static void op_unplug(struct stress *s)
{
	if (s->ram->kind == RAM_SPLIT && memchr(s->copy, 1, pages)) {
		s->copy[0] = 1;
		op_convert(s, 0, pages);
	}
	begin_in_place(s, 0, pages, TIMELINE_ABSENT);
	ram_unplug(s->ram);
	watchers_end(&s->w, 0, pages);
	begin_in_place(s, 0, pages, 0);
	ram_plug(s->ram);
	watchers_end(&s->w, 0, pages);
}

static void op_pre_fault(struct stress *s, uint64_t gpa, uint64_t size)
{
	struct kvm_pre_fault_memory range = { .gpa = gpa, .size = size };

	/* A race with any other operation may end it early, in ways that all are legal. */
	__vcpu_ioctl(s->spare, KVM_PRE_FAULT_MEMORY, &range);
}

static void operate(struct stress *s, enum op op, uint32_t first, uint32_t count)
{
	uint64_t offset = first * (uint64_t)TOKEN_PAGE_SIZE;
	uint64_t size = count * (uint64_t)TOKEN_PAGE_SIZE;

	switch (op) {
	case OP_PUNCH:
		begin_in_place(s, first, count, TIMELINE_RESET0);
		gmem_punch(s->ram->slot.gmem, offset, size);
		watchers_end(&s->w, first, count);
		break;
	case OP_ALLOCATE:
		gmem_allocate(s->ram->slot.gmem, offset, size);
		break;
	case OP_CONVERT:
		op_convert(s, first, count);
		break;
	case OP_DISCARD:
		begin_in_place(s, first, count, TIMELINE_RESET1);
		verdict_require(!madvise(s->ram->hva + offset, size, MADV_DONTNEED),
				"MADV_DONTNEED");
		watchers_end(&s->w, first, count);
		break;
	case OP_PRE_FAULT:
		if (s->pre_fault)
			op_pre_fault(s, GPA + offset, size);
		break;
	case OP_UNPLUG:
		op_unplug(s);
		break;
	case OP_COUNT:
		break;
	}
}

static enum op choose(struct prng *prng, const uint32_t *weight)
{
	uint32_t r = prng_below(prng, 100);
	enum op op = 0;

	while (r >= weight[op])
		r -= weight[op++];
	return op;
}

static void *worker_thread(void *arg)
{
	struct worker *me = arg;
	struct stress *s = me->s;

	while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
		enum op op = choose(&me->prng, s->scenario->weight);
		uint32_t first = prng_below(&me->prng, pages);
		uint32_t count = 1 + prng_below(&me->prng, pages - first);

		if (op == OP_UNPLUG) {
			first = 0;
			count = pages;
		}
		if (!acquire(s, first, count)) {
			sched_yield();
			continue;
		}
		operate(s, op, first, count);
		release(s, first, count);
		me->done[op]++;
		verdict_progress();
	}
	return NULL;
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec + (now.tv_nsec - start->tv_nsec) / 1e9;
}

static uint64_t overlaps(const struct watchers *w)
{
	unsigned int i;
	uint64_t n = 0;

	for (i = 0; i < w->agent_count + w->host_count; i++)
		n += __atomic_load_n(&w->watches[i]->overlaps, __ATOMIC_RELAXED);
	return n;
}

/* Until the time is over; watchers find the anomalies, somebody has to look for them. */
static void follow(struct stress *s, const char *id, double duration)
{
	const bool live = isatty(STDOUT_FILENO);
	struct timespec start;
	double now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while ((now = seconds_since(&start)) < duration) {
		watchers_check(&s->w);
		usleep(100000);	/* only the pace of the display and of the check */
		if (live)
			printf("\r# %s: %.0f s left, %llu operations, %llu accesses, %llu overlaps ",
			       id, duration - now, (unsigned long long)s->w.operations,
			       (unsigned long long)watchers_accesses(&s->w),
			       (unsigned long long)overlaps(&s->w));
		fflush(stdout);
	}
	if (live)
		printf("\r\033[K");
}

static void summarise(const struct worker *workers, const struct stress *s, double duration)
{
	char line[300];
	unsigned int op, i;
	int n = 0;

	for (op = 0; op < OP_COUNT; op++) {
		uint64_t done = 0;

		for (i = 0; i < host_threads; i++)
			done += workers[i].done[op];
		if (done)
			n += snprintf(line + n, sizeof(line) - n, ", %s %llu", op_names[op],
				      (unsigned long long)done);
	}
	verdict_note("%s: %.0f s, %llu accesses%s", ram_kind_name(s->ram->kind), duration,
		     (unsigned long long)watchers_accesses(&s->w), n ? line : "");
}

static void run_stress(const struct run *run)
{
	const struct scenario *scenario = run->arg;
	const enum ram_kind kind = scenario->kind;
	struct watchers_config config = {
		.flags = WATCH_READ | WATCH_WRITE | WATCH_EXCHANGE | WATCH_RANDOM,
		.host_actors = scenario->host_actors,
		.seed = run->seed,
	};
	struct vm *vm = vm_create(ram_vm_type(kind));
	struct worker *workers = calloc(host_threads, sizeof(*workers));
	struct agent *agents[WATCHERS_MAX];
	struct stress s = { .scenario = scenario };
	unsigned int i;

	s.ram = ram_create(vm, kind, GPA, pages * TOKEN_PAGE_SIZE);
	s.busy = calloc(pages, 1);
	s.copy = calloc(pages, 1);
	verdict_require(workers && s.busy && s.copy, "out of memory");
	s.pre_fault = kvm_cap(KVM_CAP_PRE_FAULT_MEMORY);
	for (i = 0; i < vcpus; i++)
		agents[i] = agent_create(vm, i, -1);
	s.spare = vcpu_create(vm, vcpus);
	watchers_start(&s.w, s.ram, agents, vcpus, &config);
	for (i = 0; i < host_threads; i++) {
		workers[i].s = &s;
		workers[i].prng.state = run->seed + i;
		if (pthread_create(&workers[i].thread, NULL, worker_thread, &workers[i]))
			verdict_fail(VERDICT_SETUP, "cannot start host thread %u", i);
	}
	follow(&s, run->id, run->duration);
	__atomic_store_n(&s.stop, 1, __ATOMIC_RELEASE);
	for (i = 0; i < host_threads; i++)
		pthread_join(workers[i].thread, NULL);
	watchers_stop(&s.w);
	summarise(workers, &s, run->duration);
	for (i = 0; i < vcpus; i++)
		agent_destroy(agents[i]);
	vcpu_destroy(s.spare);
	ram_destroy(s.ram);
	vm_destroy(vm);
}

static const struct scenario private_memory = {
	.kind = RAM_SPLIT,
	.weight = { [OP_PUNCH] = 35, [OP_ALLOCATE] = 8, [OP_CONVERT] = 40, [OP_DISCARD] = 10,
		    [OP_PRE_FAULT] = 6, [OP_UNPLUG] = 1 },
};

/* A deleted slot is a hole for the guest but not for the host: no host actors here. */
static const struct scenario shared_memory = {
	.kind = RAM_SHARED,
	.weight = { [OP_PUNCH] = 75, [OP_ALLOCATE] = 16, [OP_PRE_FAULT] = 8, [OP_UNPLUG] = 1 },
};

static const struct scenario mapped_memory = {
	.kind = RAM_SHARED,
	.host_actors = 1,
	.weight = { [OP_PUNCH] = 76, [OP_ALLOCATE] = 16, [OP_PRE_FAULT] = 8 },
};

static const struct subtest subtests[] = {
	{ "stress/private", "random operations on private and shared copies never show a wrong value",
	  run_stress, &private_memory },
	{ "stress/shared", "random operations on shared guest_memfd never show a wrong value",
	  run_stress, &shared_memory, &known_hole_warn },
	{ "stress/mapped", "the same while a host thread uses its mapping", run_stress, &mapped_memory },
};

int main(int argc, char **argv)
{
	static const struct program_option options[] = {
		{ "--vcpus", "vCPUs", &vcpus, 1, WATCHERS_MAX / 2 },
		{ "--host-threads", "threads that operate on the memory", &host_threads, 1, 64 },
		{ "--pages", "pages of guest memory", &pages, 1, 4096 },
		{ 0 }
	};
	static struct program program = PROGRAM("gmem_stress", subtests);

	program.options = options;
	program.duration = 5;
	return runner_main(argc, argv, &program);
}
