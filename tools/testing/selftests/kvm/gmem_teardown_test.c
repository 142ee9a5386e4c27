// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VM goes while its guest_memfd is in use elsewhere: its process exits with a vCPU running, or
 * closes the VM's file descriptor, while another process that has the file punches, allocates,
 * writes, remaps or closes it.  Each round has a process and a VM of its own.  That nothing is
 * left of them is the runner's to check.
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "aim/fuzzy_sync.h"
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/gmem.h"
#include "memory/memory.h"

#define PAGES	16u
#define SIZE	(PAGES * page_size())
#define GPA	AGENT_TEST_GPA

/* The process with the VM and the one beside it. */
struct teardown {
	struct fuzzy_gate gate;
	uint32_t ready;		/* the VM runs, its file is ... */
	int gmem;		/* ... this descriptor of its process */
	uint64_t entered;	/* operations that its vCPU has finished */
};

/* What the process beside does. */
struct beside {
	int gmem;
	uint8_t *hva;		/* its mapping of the file; NULL if that cannot be mapped */
	bool closed;
};

struct scenario {
	enum memory_kind kind;
	void (*end)(struct vm *vm);
	void (*use)(struct beside *b);
};

static void punch(struct beside *b)
{
	gmem_punch(b->gmem, 0, SIZE);
}

static void allocate(struct beside *b)
{
	gmem_allocate(b->gmem, 0, SIZE);
}

static void write_page(struct beside *b)
{
	int signal = guarded_write((uint64_t *)b->hva, 1);

	if (signal)
		verdict_fail(VERDICT_PERMISSION, "signal %d at a write to the mapping while the VM went",
			     signal);
}

static void discard(struct beside *b)
{
	verdict_require(!madvise(b->hva, SIZE, MADV_DONTNEED), "madvise");
}

static void close_file(struct beside *b)
{
	if (b->hva)
		munmap(b->hva, SIZE);
	close(b->gmem);
	b->closed = true;
}

static void exit_process(struct vm *vm)
{
	(void)vm;
	_exit(0);
}

static void close_vm(struct vm *vm)
{
	close(vm->fd);
}

static void *vcpu_thread(void *arg)
{
	struct agent *a = ((void **)arg)[0];
	struct teardown *t = ((void **)arg)[1];
	struct agent_op op = { .opcode = AGENT_OP_FILL, .gpa = GPA, .size = SIZE, .arg = GPA };

	for (;;) {
		agent_run(a, &op);
		__atomic_fetch_add(&t->entered, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* The process with the VM: its vCPU keeps writing, until the end that it was given. */
static void __attribute__((noreturn)) victim(struct teardown *t, const struct scenario *s)
{
	struct vm *vm = vm_create(memory_vm_type(s->kind));
	struct memory *ram = memory_create(vm, s->kind, GPA, SIZE);
	struct agent *a = agent_create(vm, 0, -1);
	void *argument[] = { a, t };
	pthread_t thread;
	uint64_t entered;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	verdict_require(!pthread_create(&thread, NULL, vcpu_thread, argument), "thread");
	fuzzy_spin(&t->gate, &t->entered, 1, fuzzy_yield);
	t->gmem = ram->gmem;
	__atomic_store_n(&t->ready, 1, __ATOMIC_RELEASE);
	fuzzy_wait(&t->gate, 1, 0, fuzzy_yield);
	fuzzy_begin(&t->gate, 1, fuzzy_yield);
	s->end(vm);
	fuzzy_end(&t->gate, 1);
	/* The VM lives as long as its vCPU does. */
	entered = __atomic_load_n(&t->entered, __ATOMIC_ACQUIRE);
	fuzzy_spin(&t->gate, &t->entered, entered + 2, fuzzy_yield);
	_exit(0);
}

static struct beside borrow(pid_t pid, const struct teardown *t, enum memory_kind kind)
{
	struct beside b = { 0 };
	int pidfd = syscall(SYS_pidfd_open, pid, 0);

	b.gmem = pidfd < 0 ? -1 : syscall(SYS_pidfd_getfd, pidfd, t->gmem, 0);
	if (b.gmem < 0)
		verdict_skip("a descriptor cannot be had from another process: pidfd_getfd: %m");
	close(pidfd);
	if (kind == MEMORY_SHARED)
		b.hva = gmem_map(b.gmem, 0, SIZE);
	return b;
}

/* The file is still good for what a file is good for. */
static void check_file(const struct beside *b)
{
	uint64_t value = 0;
	uint32_t page;

	gmem_punch(b->gmem, 0, SIZE);
	for (page = 0; b->hva && page < PAGES; page++) {
		uint64_t *word = (uint64_t *)(b->hva + page * page_size());

		if (guarded_read(word, &value) || value)
			verdict_fail(VERDICT_NOT_SCRUBBED,
				     "page %u of the file punched after its VM was gone: found %#llx, expected zero",
				     page, (unsigned long long)value);
	}
}

/* A verdict of the process with the VM is the sub-test's. */
static void check_victim(int status)
{
	if (!status)
		return;
	if (verdict_current->state != VERDICT_RUNNING)
		_exit(1);
	verdict_fail(VERDICT_CRASH, "the process with the VM ended with status %#x", status);
}

static pid_t start_victim(struct teardown *t, const struct scenario *s)
{
	pid_t pid;
	int status;

	memset(t, 0, sizeof(*t));
	pid = fork();
	verdict_require(pid >= 0, "fork");
	if (!pid)
		victim(t, s);
	while (!__atomic_load_n(&t->ready, __ATOMIC_ACQUIRE)) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			check_victim(status ? status : -1);
		fuzzy_yield(FUZZY_LATE);
	}
	return pid;
}

/* @span: how long it takes the process to go, in cycles; any moment of that is aimed at. */
static bool round_run(struct teardown *t, struct fuzzy_sync *f, const struct scenario *s,
		      uint64_t *span)
{
	struct fuzzy_gate *g = &t->gate;
	pid_t pid = start_victim(t, s);
	struct beside b = borrow(pid, t, s->kind);
	uint64_t start;
	bool overlap;
	int status;

	fuzzy_aim(f, 0, 0);
	g->side[0].delay = (prng_next(&f->prng) >> 32) * (*span >> 4) >> 28;
	fuzzy_begin(g, 0, fuzzy_yield);
	start = g->side[0].cycles - g->side[0].delay;
	s->use(&b);
	fuzzy_end(g, 0);
	overlap = !waitpid(pid, &status, WNOHANG);
	if (overlap)
		waitpid(pid, &status, 0);
	*span = cycles_now() - start;
	check_victim(status);
	verdict_progress();
	if (!b.closed) {
		check_file(&b);
		close_file(&b);
	}
	/* A process that exits notes no end; it was still there when the use was over. */
	return overlap && g->side[1].begin && g->side[1].begin < g->side[0].end &&
	       (!g->side[1].end || fuzzy_overlap(g));
}

static void run_teardown(const struct run *run)
{
	const struct scenario *s = run->arg;
	struct teardown *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t i, overlaps = 0, span = 0;
	struct fuzzy_sync f;

	verdict_require(t != MAP_FAILED, "mmap");
	fuzzy_sync_init(&f, &t->gate, run->seed);
	for (i = 0; i < run->iterations; i++)
		overlaps += round_run(t, &f, s, &span);
	verdict_exercised(run->iterations, overlaps);
}

#define ROW(kind, end, use)	run_teardown, &(const struct scenario){ kind, end, use }

static const struct subtest subtests[] = {
	{ "teardown/exit-punch-private",
	  "the process of a running VM exits while its private file is punched",
	  ROW(MEMORY_PRIVATE, exit_process, punch) },
	{ "teardown/exit-punch-shared",
	  "the process of a running VM exits while its mappable file is punched",
	  ROW(MEMORY_SHARED, exit_process, punch) },
	{ "teardown/exit-allocate-private",
	  "the process of a running VM exits while its file is filled",
	  ROW(MEMORY_PRIVATE, exit_process, allocate) },
	{ "teardown/exit-write-shared",
	  "the process of a running VM exits while another process writes to its file",
	  ROW(MEMORY_SHARED, exit_process, write_page) },
	{ "teardown/exit-discard-shared",
	  "the process of a running VM exits while another mapping of its file is dropped",
	  ROW(MEMORY_SHARED, exit_process, discard) },
	{ "teardown/exit-close-private",
	  "the process of a running VM exits while its private file is closed elsewhere",
	  ROW(MEMORY_PRIVATE, exit_process, close_file) },
	{ "teardown/exit-close-shared",
	  "the process of a running VM exits while its mappable file is closed elsewhere",
	  ROW(MEMORY_SHARED, exit_process, close_file) },
	{ "teardown/vm-close-punch-private",
	  "the VM's descriptor is closed while its file is punched",
	  ROW(MEMORY_PRIVATE, close_vm, punch) },
	{ "teardown/vm-close-close-shared",
	  "the VM's descriptor is closed together with that of its file",
	  ROW(MEMORY_SHARED, close_vm, close_file) },
};

TEST_PROGRAM("gmem_teardown_test", subtests, .iterations = 10)
