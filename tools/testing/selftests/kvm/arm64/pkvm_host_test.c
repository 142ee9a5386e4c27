// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host may do to memory of protected guests (kvm-arm.mode=protected), and what it finds
 * when they are gone (arch/arm64/kvm/hyp/nvhe/mem_protect.c).
 */
#define _GNU_SOURCE	/* vmsplice(), process_vm_readv() */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "scenario/arm64/pkvm_guest.h"

/* The kernel, asked by user space to touch a page that is the guest's: EFAULT, and no more. */
static void run_system_calls(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	char *page = (char *)pkvm_word(&g, 1);
	uint64_t found = 0;
	struct iovec to = { &found, sizeof(found) }, from = { page, sizeof(found) };
	int fds[2];

	(void)run;
	verdict_require(!pipe(fds), "pipe");
	pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(0));
	verdict_expect("write() from it", write(fds[1], page, 8), -1);
	verdict_expect("errno of write()", errno, EFAULT);
	verdict_require(write(fds[1], "somebody", 8) == 8, "write");
	verdict_expect("read() into it", read(fds[0], page, 8), -1);
	verdict_expect("errno of read()", errno, EFAULT);
	if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) == sizeof(found) &&
	    found == PKVM_TOKEN(0))
		verdict_fail(VERDICT_LEAK, "process_vm_readv() reads what the guest wrote");
	verdict_expect("what the guest has", pkvm_guest_call(vcpu, PKVM_LOAD, pkvm_gpa(1), 0),
		       PKVM_TOKEN(0));
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
	struct iovec piece = { pkvm_word(&g, 1), page_size() };
	const uint64_t arg[] = { pkvm_gpa(1), 0, 0 };
	uint64_t found = PKVM_TOKEN(7), result;
	int fds[2], r;

	(void)run;
	verdict_require(!pipe(fds), "pipe");
	*pkvm_word(&g, 1) = PKVM_TOKEN(1);
	verdict_require(vmsplice(fds[1], &piece, 1, 0) == (ssize_t)page_size(), "vmsplice");
	verdict_expect("what the host wrote before",
		       pkvm_guest_call(vcpu, PKVM_LOAD, pkvm_gpa(1), 0),
		       PKVM_TOKEN(1));
	pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(2));
	verdict_require(read(fds[0], &found, sizeof(found)) == sizeof(found) || errno == EFAULT,
			"read");
	if (found == PKVM_TOKEN(2))
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
		pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(page), PKVM_TOKEN(page));
	for (page = 1; page < PKVM_PAGES; page += 3)
		pkvm_guest_call(vcpu, PKVM_SHARE, pkvm_gpa(page), 0);
	for (page = 4; page < PKVM_PAGES; page += 6)
		pkvm_guest_call(vcpu, PKVM_UNSHARE, pkvm_gpa(page), 0);
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
	for (page = 0; page < PKVM_PAGES; page++) {
		const bool shared = page % 3 == 1 && page % 6 != 4;

		if (!pkvm_host_may(&g, page, &value))
			verdict_fail(VERDICT_PERMISSION,
				     "page %u is not the host's again when the VM is gone", page);
		if (!shared && page && value == PKVM_TOKEN(page))
			verdict_fail(VERDICT_LEAK,
				     "page %u holds what a protected guest wrote, which is gone",
				     page);
		*pkvm_word(&g, page) = 0;
	}
}

/* RLIMIT_MEMLOCK counts what is the guest's, for a process that may not lock what it likes. */
static void run_limit(const struct run *run)
{
	const struct rlimit few = { 4 * page_size(), 64 * page_size() };
	const struct rlimit enough = { 64 * page_size(), 64 * page_size() };
	const cap_value_t lock = CAP_IPC_LOCK;
	struct pkvm_guest g = pkvm_guest_create();
	struct vcpu *vcpu = pkvm_guest_vcpu(&g, 0);
	cap_t caps = cap_get_proc();
	uint64_t arg[] = { 0, PKVM_TOKEN(0), 0 }, result;
	uint32_t page;
	int r = 0;

	(void)run;
	verdict_require(caps && !cap_set_flag(caps, CAP_EFFECTIVE, 1, &lock, CAP_CLEAR) &&
			!cap_set_proc(caps), "giving CAP_IPC_LOCK up");
	cap_free(caps);
	verdict_require(!setrlimit(RLIMIT_MEMLOCK, &few), "RLIMIT_MEMLOCK");
	for (page = 1; page < PKVM_PAGES && !r; page++) {
		arg[0] = pkvm_gpa(page);
		r = __pkvm_guest_call(vcpu, PKVM_STORE, arg, &result);
	}
	if (r != -ENOMEM)
		verdict_fail(VERDICT_ABI, "%u pages of a protected guest with a limit of 4: KVM_RUN: %s",
			     page, strerror(-r));
	/* The page with the code counts, too. */
	verdict_expect("the page at which the limit is met", page - 1, 4);
	verdict_require(!setrlimit(RLIMIT_MEMLOCK, &enough), "RLIMIT_MEMLOCK");
	r = __pkvm_guest_call(vcpu, PKVM_STORE, arg, &result);
	if (r)
		verdict_fail(VERDICT_ABI, "the same store with a higher limit: KVM_RUN: %s",
			     strerror(-r));
	vcpu_destroy(vcpu);
	pkvm_guest_destroy(&g);
}

static const struct subtest subtests[] = {
	{ "pkvm-host/system-calls", "system calls on a protected guest's page fail with EFAULT",
	  run_system_calls },
	{ "pkvm-host/reclaim", "a page that the kernel has to touch comes back scrubbed",
	  run_reclaim },
	{ "pkvm-host/exit", "pages of a guest that is gone are the host's, and scrubbed",
	  run_exit },
	{ "pkvm-host/limit", "pages of a protected guest count as locked memory", run_limit },
};

TEST_PROGRAM("pkvm_host_test", subtests)
