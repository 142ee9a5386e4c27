// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that protected guests (kvm-arm.mode=protected) share with the host, and take back
 * (arch/arm64/kvm/hyp/nvhe/pkvm.c; Documentation/virt/kvm/arm/hypercalls.rst).
 */
#include <pthread.h>
#include <string.h>
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "scenario/arm64/pkvm_guest.h"

static void expect_refused(const struct pkvm_guest *g, uint32_t page, const char *when)
{
	uint64_t value;

	if (pkvm_host_may(g, page, &value))
		verdict_fail(VERDICT_PERMISSION, "%s: the host reads a page of the guest's own: %#llx",
			     when, (unsigned long long)value);
}

static void expect_host(const struct pkvm_guest *g, uint32_t page, uint64_t due, const char *when)
{
	uint64_t value;

	if (!pkvm_host_may(g, page, &value))
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
	pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(0));
	expect_refused(&g, 0, "the page of the code");
	for (i = 0; i < run->iterations; i++) {
		expect_refused(&g, 1, "before it is shared");
		verdict_expect("share", pkvm_guest_call(vcpu, PKVM_SHARE, pkvm_gpa(1), 0), 0);
		expect_host(&g, 1, PKVM_TOKEN(2 * i), "after it was shared");
		*pkvm_word(&g, 1) = PKVM_TOKEN(2 * i + 1);
		verdict_expect("what the host wrote",
			       pkvm_guest_call(vcpu, PKVM_LOAD, pkvm_gpa(1), 0),
			       PKVM_TOKEN(2 * i + 1));
		verdict_expect("unshare", pkvm_guest_call(vcpu, PKVM_UNSHARE, pkvm_gpa(1), 0), 0);
		verdict_expect("what the page keeps",
			       pkvm_guest_call(vcpu, PKVM_LOAD, pkvm_gpa(1), 0),
			       PKVM_TOKEN(2 * i + 1));
		pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(2 * i + 2));
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
		{ "share at an odd address", PKVM_SHARE, { pkvm_gpa(1) + 8 }, PKVM_REFUSED },
		{ "share with a second argument", PKVM_SHARE, { pkvm_gpa(1), 1 }, PKVM_REFUSED },
		{ "share with a third argument", PKVM_SHARE, { pkvm_gpa(1), 0, 1 }, PKVM_REFUSED },
		{ "unshare at an odd address", PKVM_UNSHARE, { pkvm_gpa(1) + 8 }, PKVM_REFUSED },
		{ "unshare with a second argument", PKVM_UNSHARE, { pkvm_gpa(1), 1 },
		  PKVM_REFUSED },
		{ "unshare of a page that is not shared", PKVM_UNSHARE, { pkvm_gpa(1) },
		  PKVM_REFUSED },
		{ "unshare of a page that was never touched", PKVM_UNSHARE, { pkvm_gpa(9) },
		  PKVM_REFUSED },
		{ "unshare outside of all memory", PKVM_UNSHARE, { 1ull << 38 }, PKVM_REFUSED },
		{ "share", PKVM_SHARE, { pkvm_gpa(1) }, 0 },
		{ "share once more", PKVM_SHARE, { pkvm_gpa(1) }, PKVM_REFUSED },
		{ "unshare", PKVM_UNSHARE, { pkvm_gpa(1) }, 0 },
		{ "unshare once more", PKVM_UNSHARE, { pkvm_gpa(1) }, PKVM_REFUSED },
		{ "share of a page that was never touched", PKVM_SHARE, { pkvm_gpa(8) }, 0 },
	};
	unsigned int i;

	(void)run;
	pkvm_guest_call(vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(0));
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
						   pkvm_gpa(1), 0);

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
	pkvm_guest_call(s[0].vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(0));
	verdict_require(!pthread_create(&other, NULL, share, &s[1]), "pthread_create");
	share(&s[0]);
	pthread_join(other, NULL);
	/* An odd number of changes that were made: shared. */
	now = (s[0].done + s[1].done) & 1;
	if (pkvm_host_may(&g, 1, &value) != !!now)
		verdict_fail(VERDICT_PERMISSION, "%llu changes were made: the host %s the page",
			     (unsigned long long)(s[0].done + s[1].done),
			     now ? "cannot read" : "reads");
	if (pkvm_guest_call(s[0].vcpu, PKVM_LOAD, pkvm_gpa(1), 0) != PKVM_TOKEN(0))
		verdict_fail(VERDICT_LOST_WRITE, "the page has lost what the guest wrote");
	verdict_exercised(s[0].rounds + s[1].rounds, s[0].refused + s[1].refused);
	vcpu_destroy(s[0].vcpu);
	vcpu_destroy(s[1].vcpu);
	pkvm_guest_destroy(&g);
}

struct toucher {
	const struct pkvm_guest *g;
	uint32_t stop;
	uint64_t read, refused;
};

static void *touch(void *arg)
{
	struct toucher *t = arg;
	uint64_t value;

	while (!__atomic_load_n(&t->stop, __ATOMIC_RELAXED)) {
		if (!pkvm_host_may(t->g, 1, &value)) {
			t->refused++;
			continue;
		}
		t->read++;
		if (value != PKVM_TOKEN(1))
			verdict_fail(VERDICT_LOST_DATA, "the host reads %#llx on a shared page",
				     (unsigned long long)value);
	}
	return NULL;
}

/* The host touches a page all the while: it finds what the guest has shared, or is refused. */
static void run_touched(const struct run *run)
{
	struct pkvm_guest g = pkvm_guest_create();
	struct toucher t = { .g = &g };
	struct sharer s = { .vcpu = pkvm_guest_vcpu(&g, 0), .rounds = 40 * run->iterations };
	pthread_t host;

	fault_guard_install();
	pkvm_guest_call(s.vcpu, PKVM_STORE, pkvm_gpa(1), PKVM_TOKEN(1));
	verdict_require(!pthread_create(&host, NULL, touch, &t), "pthread_create");
	share(&s);
	__atomic_store_n(&t.stop, 1, __ATOMIC_RELAXED);
	pthread_join(host, NULL);
	verdict_expect("changes that were refused to the guest", s.refused, 0);
	verdict_expect("what the guest has in the end",
		       pkvm_guest_call(s.vcpu, PKVM_LOAD, pkvm_gpa(1), 0), PKVM_TOKEN(1));
	verdict_exercised(t.read + t.refused, t.read < t.refused ? t.read : t.refused);
	vcpu_destroy(s.vcpu);
	pkvm_guest_destroy(&g);
}

static const struct subtest subtests[] = {
	{ "pkvm-share/round-trip", "a shared page is the host's as well, keeps its contents, goes back",
	  run_round_trip },
	{ "pkvm-share/arguments", "calls that make no sense are refused and change nothing",
	  run_arguments },
	{ "pkvm-share/two-vcpus", "two vCPUs that share and unshare one page agree on it",
	  run_two },
	{ "pkvm-share/touched", "a host that touches a page while it is shared finds it, or is refused",
	  run_touched },
};

TEST_PROGRAM("pkvm_share_test", subtests)
