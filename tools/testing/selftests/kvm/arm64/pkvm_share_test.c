// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of protected guests (kvm-arm.mode=protected): the guest's alone once it has touched it,
 * shared with the host when it says so, and scrubbed when it goes (arch/arm64/kvm/hyp/nvhe,
 * mem_protect.c, pkvm.c; Documentation/virt/kvm/arm/hypercalls.rst).
 */
#define _GNU_SOURCE	/* vmsplice(), process_vm_readv() */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "scenario/arm64/pkvm_guest.h"

#define TOKEN(n)	(0x5eed000000000000ull + (n))

static uint64_t gpa_of(uint32_t page)
{
	return PKVM_GPA + page * page_size();
}

static uint64_t *word_of(const struct pkvm_guest *g, uint32_t page)
{
	return (uint64_t *)(g->memory + page * page_size());
}

/* May the host's user space touch the page?  If so, what is there? */
static bool host_may(const struct pkvm_guest *g, uint32_t page, uint64_t *value)
{
	return !guarded_read(word_of(g, page), value);
}

static void expect_refused(const struct pkvm_guest *g, uint32_t page, const char *when)
{
	uint64_t value;

	if (host_may(g, page, &value))
		verdict_fail(VERDICT_PERMISSION, "%s: the host reads a page of the guest's own: %#llx",
			     when, (unsigned long long)value);
}

static void expect_host(const struct pkvm_guest *g, uint32_t page, uint64_t due, const char *when)
{
	uint64_t value;

	if (!host_may(g, page, &value))
		verdict_fail(VERDICT_PERMISSION, "%s: the host cannot read a shared page", when);
	if (value != due)
		verdict_fail(VERDICT_LOST_WRITE, "%s: the host reads %#llx, the guest wrote %#llx",
			     when, (unsigned long long)value, (unsigned long long)due);
}

static void run_round_trip(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	uint64_t i;

	fault_guard_install();
	pkvm_guest_call(vcpu, PKVM_STORE, gpa_of(1), TOKEN(0));
	expect_refused(&g, 0, "the page of the code");
	for (i = 0; i < run->iterations; i++) {
		expect_refused(&g, 1, "before it is shared");
		verdict_expect("share", pkvm_guest_call(vcpu, PKVM_SHARE, gpa_of(1), 0), 0);
		expect_host(&g, 1, TOKEN(2 * i), "after it was shared");
		*word_of(&g, 1) = TOKEN(2 * i + 1);
		verdict_expect("what the host wrote",
			       pkvm_guest_call(vcpu, PKVM_LOAD, gpa_of(1), 0), TOKEN(2 * i + 1));
		verdict_expect("unshare", pkvm_guest_call(vcpu, PKVM_UNSHARE, gpa_of(1), 0), 0);
		verdict_expect("what the page keeps",
			       pkvm_guest_call(vcpu, PKVM_LOAD, gpa_of(1), 0), TOKEN(2 * i + 1));
		pkvm_guest_call(vcpu, PKVM_STORE, gpa_of(1), TOKEN(2 * i + 2));
	}
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
}

static void run_arguments(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	const struct {
		const char *what;
		uint64_t function, arg[3], due;
	} rows[] = {
		{ "the granule", PKVM_MEMINFO, { 0 }, page_size() },
		{ "the granule, asked with an argument", PKVM_MEMINFO, { 1 }, PKVM_REFUSED },
		{ "share at an odd address", PKVM_SHARE, { gpa_of(1) + 8 }, PKVM_REFUSED },
		{ "share with a second argument", PKVM_SHARE, { gpa_of(1), 1 }, PKVM_REFUSED },
		{ "share with a third argument", PKVM_SHARE, { gpa_of(1), 0, 1 }, PKVM_REFUSED },
		{ "unshare at an odd address", PKVM_UNSHARE, { gpa_of(1) + 8 }, PKVM_REFUSED },
		{ "unshare with a second argument", PKVM_UNSHARE, { gpa_of(1), 1 }, PKVM_REFUSED },
		{ "unshare of a page that is not shared", PKVM_UNSHARE, { gpa_of(1) },
		  PKVM_REFUSED },
		{ "unshare of a page that was never touched", PKVM_UNSHARE, { gpa_of(9) },
		  PKVM_REFUSED },
		{ "unshare outside of all memory", PKVM_UNSHARE, { 1ull << 38 }, PKVM_REFUSED },
		{ "share", PKVM_SHARE, { gpa_of(1) }, 0 },
		{ "share once more", PKVM_SHARE, { gpa_of(1) }, PKVM_REFUSED },
		{ "unshare", PKVM_UNSHARE, { gpa_of(1) }, 0 },
		{ "unshare once more", PKVM_UNSHARE, { gpa_of(1) }, PKVM_REFUSED },
		{ "share of a page that was never touched", PKVM_SHARE, { gpa_of(8) }, 0 },
	};
	unsigned int i;

	(void)run;
	pkvm_guest_call(vcpu, PKVM_STORE, gpa_of(1), TOKEN(0));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t result;
		int r = __pkvm_guest_call(vcpu, rows[i].function, rows[i].arg, &result);

		if (r)
			verdict_fail(VERDICT_ABI, "%s: KVM_RUN: %s", rows[i].what, strerror(-r));
		verdict_expect(rows[i].what, result, rows[i].due);
	}
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
}

/* The kernel, asked by user space to touch a page that is the guest's: EFAULT, and no more. */
static void run_system_calls(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	char *page = (char *)word_of(&g, 1);
	uint64_t found = 0;
	struct iovec to = { &found, sizeof(found) }, from = { page, sizeof(found) };
	int fds[2];

	(void)run;
	verdict_require(!pipe(fds), "pipe");
	pkvm_guest_call(vcpu, PKVM_STORE, gpa_of(1), TOKEN(0));
	verdict_expect("write() from it", write(fds[1], page, 8), -1);
	verdict_expect("errno of write()", errno, EFAULT);
	verdict_require(write(fds[1], "somebody", 8) == 8, "write");
	verdict_expect("read() into it", read(fds[0], page, 8), -1);
	verdict_expect("errno of read()", errno, EFAULT);
	if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) == sizeof(found) && found == TOKEN(0))
		verdict_fail(VERDICT_LEAK, "process_vm_readv() reads what the guest wrote");
	verdict_expect("what the guest has", pkvm_guest_call(vcpu, PKVM_LOAD, gpa_of(1), 0),
		       TOKEN(0));
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
}

/*
 * A page that was in a pipe when it became the guest's: the kernel reads it by its own mapping.
 * Then it is taken back, scrubbed, and the guest is told by failing.
 */
static void run_reclaim(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	struct iovec piece = { word_of(&g, 1), page_size() };
	const uint64_t arg[] = { gpa_of(1), 0, 0 };
	uint64_t found = TOKEN(7), result;
	int fds[2], r;

	(void)run;
	verdict_require(!pipe(fds), "pipe");
	*word_of(&g, 1) = TOKEN(1);
	verdict_require(vmsplice(fds[1], &piece, 1, 0) == (ssize_t)page_size(), "vmsplice");
	verdict_expect("what the host wrote before", pkvm_guest_call(vcpu, PKVM_LOAD, gpa_of(1), 0),
		       TOKEN(1));
	pkvm_guest_call(vcpu, PKVM_STORE, gpa_of(1), TOKEN(2));
	verdict_require(read(fds[0], &found, sizeof(found)) == sizeof(found) || errno == EFAULT,
			"read");
	if (found == TOKEN(2))
		verdict_fail(VERDICT_LEAK, "the host reads what a protected guest wrote");
	r = __pkvm_guest_call(vcpu, PKVM_LOAD, arg, &result);
	if (!r)
		verdict_fail(VERDICT_ABI,
			     "a page was taken away from a protected guest, which goes on and reads %#llx",
			     (unsigned long long)result);
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
}

/* When the VM is gone its pages are the host's, and hold nothing of the guest's own. */
static void run_exit(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	uint64_t value;
	uint32_t page;

	(void)run;
	fault_guard_install();
	for (page = 1; page < PKVM_PAGES; page++)
		pkvm_guest_call(vcpu, PKVM_STORE, gpa_of(page), TOKEN(page));
	for (page = 1; page < PKVM_PAGES; page += 3)
		pkvm_guest_call(vcpu, PKVM_SHARE, gpa_of(page), 0);
	for (page = 4; page < PKVM_PAGES; page += 6)
		pkvm_guest_call(vcpu, PKVM_UNSHARE, gpa_of(page), 0);
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
	for (page = 0; page < PKVM_PAGES; page++) {
		const bool shared = page % 3 == 1 && page % 6 != 4;

		if (!host_may(&g, page, &value))
			verdict_fail(VERDICT_PERMISSION,
				     "page %u is not the host's again when the VM is gone", page);
		if (!shared && page && value == TOKEN(page))
			verdict_fail(VERDICT_LEAK,
				     "page %u holds what a protected guest wrote, which is gone",
				     page);
		*word_of(&g, page) = 0;
	}
}

struct sharer {
	struct vcpu *vcpu;
	uint64_t rounds, done, refused;
};

static void *share(void *arg)
{
	struct sharer *s = arg;
	uint64_t i;

	for (i = 0; i < s->rounds; i++) {
		const uint64_t r = pkvm_guest_call(s->vcpu, i & 1 ? PKVM_UNSHARE : PKVM_SHARE,
						   gpa_of(1), 0);

		if (r && r != PKVM_REFUSED)
			verdict_fail(VERDICT_ABI, "answer to a share or unshare: %#llx",
				     (unsigned long long)r);
		s->done += !r;
		s->refused += !!r;
	}
	return NULL;
}

/* Two vCPUs, one page: what the guest was told is how it is. */
static void run_two(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct sharer s[] = {
		{ .vcpu = pkvm_guest_vcpu(&g, 0), .rounds = 20 * run->iterations },
		{ .vcpu = pkvm_guest_vcpu(&g, 1), .rounds = 20 * run->iterations },
	};
	uint64_t value, now;
	pthread_t other;

	fault_guard_install();
	pkvm_guest_call(s[0].vcpu, PKVM_STORE, gpa_of(1), TOKEN(0));
	verdict_require(!pthread_create(&other, NULL, share, &s[1]), "pthread_create");
	share(&s[0]);
	pthread_join(other, NULL);
	/* An odd number of changes that were made: shared. */
	now = (s[0].done + s[1].done) & 1;
	if (host_may(&g, 1, &value) != !!now)
		verdict_fail(VERDICT_PERMISSION, "%llu changes were made: the host %s the page",
			     (unsigned long long)(s[0].done + s[1].done),
			     now ? "cannot read" : "reads");
	if (pkvm_guest_call(s[0].vcpu, PKVM_LOAD, gpa_of(1), 0) != TOKEN(0))
		verdict_fail(VERDICT_LOST_WRITE, "the page has lost what the guest wrote");
	verdict_exercised(s[0].rounds + s[1].rounds, s[0].refused + s[1].refused);
	vcpu_destroy(s[0].vcpu);
	vcpu_destroy(s[1].vcpu);
	pkvm_guest_destroy(&g);
}

static const struct subtest subtests[] = {
	{ "pkvm-share/round-trip", "a shared page is the host's as well, keeps its contents, goes back",
	  run_round_trip },
	{ "pkvm-share/arguments", "calls that make no sense are refused and change nothing",
	  run_arguments },
	{ "pkvm-share/system-calls", "system calls on a protected guest's page fail with EFAULT",
	  run_system_calls },
	{ "pkvm-share/reclaim", "a page that the kernel has to touch comes back scrubbed",
	  run_reclaim },
	{ "pkvm-share/exit", "pages of a guest that is gone are the host's, and scrubbed",
	  run_exit },
	{ "pkvm-share/two-vcpus", "two vCPUs that share and unshare one page agree on it",
	  run_two },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("pkvm_share_test", subtests);

	return runner_main(argc, argv, &program);
}
