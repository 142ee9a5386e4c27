// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimiser against judges that know what a failure needs, and see one whenever it
 * is there: what is left is exactly that.
 */
#include "kselftest_harness.h"
#include "minimise_fixture.h"

#define VM	"# kvm-gmem plan 1\n" \
		"vm kind=private vcpus=2 hosts=2 pages=16 slots=2 seed=0x7 round=0\n"

static bool always(const struct plan *p)
{
	return plan_ops(p) > 0;
}

static bool never(const struct plan *p)
{
	(void)p;
	return false;
}

/* The same on one page, which has to keep its number. */
#define PAGE	27

static bool punch_meets_write_on_page(const struct plan *p)
{
	return find(p, PLAN_OP(PUNCH), PAGE) && find(p, PLAN_WRITE, PAGE);
}

/* Two actors each, a long delay, both memslots, and a range of three pages at least. */
static bool particular(const struct plan *p)
{
	uint32_t a, i, delays = 0, ranges = 0, replugs = 0;

	for (a = 0; a < plan_actors(p); a++)
		for (i = 0; i < p->actors[a].count; i++) {
			const struct plan_op *op = &p->actors[a].ops[i];

			delays += op->kind == PLAN_READ && op->delay > 50;
			ranges += op->kind == PLAN_OP(TO_SHARED) && op->pages >= 3;
			replugs += op->kind == PLAN_OP(SLOT_DELETE) && op->page == 1;
		}
	return delays && ranges && replugs;
}

/* Needs the vCPU that a signal goes to, though it does nothing itself. */
static bool signal_to_second(const struct plan *p)
{
	const struct plan_op *op = find(p, PLAN_SIGNAL, ~0u);

	return op && p->config.vcpus == 2 && op->page == 1;
}

static void expect_text(struct __test_metadata *_metadata, const struct plan *plan,
			const char *want)
{
	char *text = plan_text(plan);

	EXPECT_STREQ(want, text);
	free(text);
}

TEST(minimise_two_operations_that_meet)
{
	struct judge j = { punch_meets_write, 1.0 };
	struct plan plan = original(200);
	struct minimise_result r = shrink(&plan, &j, 3, 2, 100000);

	EXPECT_EQ(MINIMISE_DONE, r.end);
	EXPECT_EQ(6, r.failures);
	EXPECT_EQ(6, r.repetitions);
	EXPECT_EQ(j.runs, r.runs);
	EXPECT_LT(r.runs, 400) TH_LOG("%llu", (unsigned long long)r.runs);
	EXPECT_FALSE(j.invalid);
	EXPECT_EQ(1 + r.candidates, j.progress);
	EXPECT_EQ(2, plan_ops(&plan));
	EXPECT_EQ(1, plan.config.vcpus);
	EXPECT_EQ(1, plan.config.hosts);
	EXPECT_EQ(1, plan.config.pages);
	EXPECT_EQ(1, plan.config.slots);
	EXPECT_EQ(0, plan.actors[0].ops[0].delay | plan.actors[1].ops[0].delay);
	plan_free(&plan);
}

TEST(minimise_keeps_a_page_that_matters)
{
	struct judge j = { punch_meets_write_on_page, 1.0 };
	struct plan plan = original(200);
	struct minimise_result r;

	ASSERT_TRUE(punch_meets_write_on_page(&plan));
	r = shrink(&plan, &j, 1, 1, 100000);
	EXPECT_EQ(MINIMISE_DONE, r.end);
	EXPECT_EQ(2, plan_ops(&plan));
	EXPECT_EQ(PAGE + 1, plan.config.pages);
	EXPECT_EQ(PAGE, find(&plan, PLAN_WRITE, PAGE)->page);
	EXPECT_EQ(PAGE, find(&plan, PLAN_OP(PUNCH), PAGE)->page);
	EXPECT_EQ(1, find(&plan, PLAN_OP(PUNCH), PAGE)->pages);
	EXPECT_FALSE(j.invalid);
	plan_free(&plan);
}

TEST(minimise_keeps_what_it_needs)
{
	struct judge j = { particular, 1.0 };
	struct plan plan = original(300);
	struct minimise_result r;

	ASSERT_TRUE(particular(&plan));
	r = shrink(&plan, &j, 1, 1, 100000);
	EXPECT_EQ(MINIMISE_DONE, r.end);
	EXPECT_TRUE(particular(&plan));
	EXPECT_EQ(3, plan_ops(&plan));
	EXPECT_EQ(2, plan.config.slots);
	EXPECT_EQ(3, plan.config.pages);
	EXPECT_FALSE(j.invalid);
	plan_free(&plan);
}

TEST(minimise_by_hand)
{
	static const char before[] = VM
		"actor vcpu 0\nread page=3 word=1 delay=5\nread page=4 word=1\n"
		"actor host 0\npunch page=0 pages=16 delay=7\n"
		"actor host 1\nreopen\nsignal vcpu=0\nsignal vcpu=1 delay=9\n";
	char error[PLAN_ERROR_MAX];
	struct judge j = { signal_to_second, 1.0 };
	struct plan plan;
	struct minimise_result r;

	ASSERT_TRUE(plan_from(&plan, before, strlen(before), error)) TH_LOG("%s", error);
	/* Signals to vCPU 0 come first and hide the other. */
	EXPECT_FALSE(signal_to_second(&plan));
	plan.actors[3].ops[1] = plan.actors[3].ops[2];
	r = shrink(&plan, &j, 2, 2, 1000);
	EXPECT_EQ(MINIMISE_DONE, r.end);
	expect_text(_metadata, &plan, "# kvm-gmem plan 1\n"
		    "vm kind=private vcpus=2 hosts=1 pages=1 slots=1 seed=0x7 round=0\n\n"
		    "actor vcpu 0\n\nactor vcpu 1\n\nactor host 0\nsignal vcpu=1\n");
	EXPECT_FALSE(j.invalid);
	plan_free(&plan);
}

TEST(minimise_to_nothing_but_one)
{
	struct judge j = { always, 1.0 };
	struct plan plan = original(PLAN_OPS_MAX);
	struct minimise_result r = shrink(&plan, &j, 4, 4, 100000);

	EXPECT_EQ(MINIMISE_DONE, r.end);
	EXPECT_EQ(1, plan_ops(&plan));
	EXPECT_EQ(1, plan_actors(&plan));
	EXPECT_EQ(1, plan.config.pages);
	EXPECT_LT(r.runs, 400) TH_LOG("%llu", (unsigned long long)r.runs);
	plan_free(&plan);
}

TEST(minimise_never_failed)
{
	struct judge j = { never, 1.0 };
	struct plan plan = original(100), before;
	struct minimise_result r;

	plan_copy(&before, &plan);
	r = shrink(&plan, &j, 10, 5, 1000);
	EXPECT_EQ(MINIMISE_NEVER_FAILED, r.end);
	EXPECT_STREQ("the plan never failed", minimise_end_name(r.end));
	EXPECT_EQ(0, r.failures);
	EXPECT_EQ(10, r.repetitions);
	EXPECT_EQ(10, r.runs);
	EXPECT_TRUE(plan_equal(&before, &plan));
	plan_free(&plan);
	plan_free(&before);
}

TEST(minimise_stopped)
{
	struct judge whole = { punch_meets_write, 1.0 };
	struct plan all = original(200);
	unsigned int at;

	shrink(&all, &whole, 10, 5, 1000000);
	plan_free(&all);
	EXPECT_GT(whole.progress, 30);
	for (at = 1; at < whole.progress; at++) {
		struct judge j = { punch_meets_write, 1.0, .stop_at = at };
		struct plan plan = original(200);
		struct minimise_result r = shrink(&plan, &j, 10, 5, 1000000);

		EXPECT_EQ(MINIMISE_STOPPED, r.end);
		EXPECT_EQ(at, j.progress);
		EXPECT_TRUE(punch_meets_write(&plan));
		EXPECT_GE(r.failures, 5);
		EXPECT_TRUE(at < 30 || plan_ops(&plan) < 100);
		plan_free(&plan);
	}
}

/* A plan in which nothing happens fails if the machine does; it stays what it is. */
TEST(minimise_empty_plan)
{
	const struct plan_config config = plan_fixture(MEMORY_ANON, 1);
	struct judge j = { always, 1.0 };
	const struct minimise how = {
		.judge = judge_run, .arg = &j, .repetitions = 2, .threshold = 1, .budget = 50,
	};
	struct plan plan;

	plan_init(&plan, &config);
	EXPECT_EQ(MINIMISE_NEVER_FAILED, minimise(&plan, &how).end);
	plan_free(&plan);
}

TEST_HARNESS_MAIN
