// SPDX-License-Identifier: GPL-2.0-only
/* The text form of plans: what is written is read back, whatever somebody does to it. */
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "kselftest_harness.h"
#include "plan_fixture.h"

TEST(plan_round_trip)
{
	char error[PLAN_ERROR_MAX], *text, *again;
	struct plan plan, back;
	uint64_t seed;

	for (seed = 0; seed < 2000; seed++) {
		struct prng prng = { seed };
		struct plan_config config = {
			.kind = seed % MEMORY_KINDS,
			.vcpus = prng_below(&prng, 4), .hosts = 1 + prng_below(&prng, 3),
			.pages = 1 + prng_below(&prng, 1 << prng_below(&prng, 20)),
			.ops = 1 + prng_below(&prng, 60), .mix = mix_default(),
		};

		config.slots = 1 + prng_below(&prng, config.pages < 16 ? config.pages : 16);
		plan_generate(&plan, &config, prng_next(&prng), prng_next(&prng));
		text = plan_text(&plan);
		ASSERT_TRUE(plan_from_text(&back, text, error)) TH_LOG("%s", error);
		ASSERT_TRUE(plan_equal(&plan, &back)) TH_LOG("seed %llu", (unsigned long long)seed);
		again = plan_text(&back);
		ASSERT_STREQ(text, again);
		free(text);
		free(again);
		plan_free(&plan);
		plan_free(&back);
	}
}

TEST(plan_written_by_hand)
{
	static const char text[] =
		"# kvm-gmem plan 1 \r\n"
		"\n"
		"   # Two vCPUs, one page.\n"
		"vm pages=0x10 hosts=1 vcpus=2 kind=private\n"
		"actor host 0   # first\r\n"
		"\tpunch  pages=4 page=1 # all of it\n"
		"convert to=private page=007\n"
		"replug memslot=0 delay=12\n"
		"reopen\n"
		"signal vcpu=1\n"
		"actor vcpu 1\n"
		"write word=511 delay=0x14 page=3\n"
		"execute page=15 word=263";
	static const struct plan_op host[] = {
		{ PLAN_OP(PUNCH), .page = 1, .pages = 4 },
		{ PLAN_OP(TO_PRIVATE), .page = 7, .pages = 1 },
		{ PLAN_OP(SLOT_DELETE), .delay = 12 },
		{ PLAN_OP(FILE_CLOSE) },
		{ PLAN_SIGNAL, .page = 1 },
	}, vcpu[] = {
		{ PLAN_WRITE, .word = 511, .page = 3, .pages = 1, .delay = 20 },
		{ PLAN_EXECUTE, .word = 263, .page = 15, .pages = 1 },
	};
	char error[PLAN_ERROR_MAX];
	struct plan plan;

	ASSERT_TRUE(plan_from_text(&plan, text, error)) TH_LOG("%s", error);
	EXPECT_EQ(MEMORY_SPLIT, plan.config.kind);
	EXPECT_EQ(16, plan.config.pages);
	EXPECT_EQ(1, plan.config.slots);
	EXPECT_EQ(0, plan.config.seed);
	EXPECT_EQ(0, plan.actors[0].count);
	ASSERT_EQ(ARRAY_SIZE(vcpu), plan.actors[1].count);
	EXPECT_EQ(0, memcmp(vcpu, plan.actors[1].ops, sizeof(vcpu)));
	ASSERT_EQ(ARRAY_SIZE(host), plan.actors[2].count);
	EXPECT_EQ(0, memcmp(host, plan.actors[2].ops, sizeof(host)));
	plan_free(&plan);
}

/* Plans that older versions wrote mean what they meant. */
TEST(plan_of_older_version)
{
	static const char text[] = PLAN_VM
		"actor host 0\n"
		"fallocate page=1 pages=2\n"
		"convert page=2 to=private\n"
		"convert page=2 to=shared delay=3\n"
		"replug memslot=1\n"
		"replace memslot=0\n"
		"reopen\n"
		"orphan\n"
		"remap page=5\n"
		"host-read page=1 slot=7\n";
	static const struct plan_op host[] = {
		{ PLAN_OP(ALLOCATE), .page = 1, .pages = 2 },
		{ PLAN_OP(TO_PRIVATE), .page = 2, .pages = 1 },
		{ PLAN_OP(TO_SHARED), .page = 2, .pages = 1, .delay = 3 },
		{ PLAN_OP(SLOT_DELETE), .memslot = 1 },
		{ PLAN_OP(SLOT_REPLACE) },
		{ PLAN_OP(FILE_CLOSE) },
		{ PLAN_OP(ORPHAN) },
		{ PLAN_OP(REMAP), .page = 5, .pages = 1 },
		{ PLAN_HOST_READ, .page = 1, .pages = 1, .word = 7 },
	};
	char error[PLAN_ERROR_MAX];
	struct plan plan;

	ASSERT_TRUE(plan_from_text(&plan, text, error)) TH_LOG("%s", error);
	ASSERT_EQ(ARRAY_SIZE(host), plan.actors[2].count);
	EXPECT_EQ(0, memcmp(host, plan.actors[2].ops, sizeof(host)));
	plan_free(&plan);
}

TEST(plan_text_as_documented)
{
	static const char text[] = PLAN_VM
		"# memslot 0: pages 0 to 31, in the file from page 32\n"
		"# memslot 1: pages 32 to 63, in the file from page 0\n"
		"\nactor vcpu 0\n"
		"write page=3 word=511 delay=20\n"
		"guest-convert page=3 pages=2 to=private\n"
		"\nactor vcpu 1\n"
		"\nactor host 0\n"
		"punch page=1 pages=4\n"
		"slot-delete memslot=1\n"
		"file-close\n";
	char error[PLAN_ERROR_MAX], *again;
	struct plan plan;

	ASSERT_TRUE(plan_from_text(&plan, text, error)) TH_LOG("%s", error);
	again = plan_text(&plan);
	EXPECT_STREQ(text, again);
	free(again);
	plan_free(&plan);
}

/* Change text at random: bytes, words, whole lines. Returns its new length. */
static size_t mutate(struct prng *prng, char *text, size_t size, size_t room)
{
	static const char *const bits[] = {
		"=", " ", "\n", "#", "0x", "page", "4294967296", "-", "actor", "vm ", "word=511",
		"\r", "delay=", "99999999999999999999",
	};
	const char *bit = bits[prng_below(prng, ARRAY_SIZE(bits))];
	const size_t at = prng_below(prng, size + 1), n = prng_below(prng, 40);
	size_t from = prng_below(prng, size + 1), length = n < size - from ? n : size - from;

	switch (prng_below(prng, 4)) {
	case 0:
		if (at < size)
			text[at] = prng_next(prng);
		return size;
	case 1:		/* insert a word */
		if (size + strlen(bit) > room)
			return size;
		memmove(text + at + strlen(bit), text + at, size - at);
		memcpy(text + at, bit, strlen(bit));
		return size + strlen(bit);
	case 2:		/* cut */
		memmove(text + from, text + from + length, size - from - length);
		return size - length;
	default:	/* repeat something elsewhere */
		if (at + length > size)
			return size;
		memmove(text + at, text + from, length);
		return size;
	}
}

/* Whatever is read is a plan; whatever is not has a line that says why. */
TEST(plan_fuzz)
{
	const struct plan_config config = plan_fixture(MEMORY_SPLIT, 8);
	char error[PLAN_ERROR_MAX], text[6000], *base, *again;
	unsigned int round, i, accepted = 0;
	struct prng prng = { 11 };
	struct plan plan, back;
	size_t size;

	plan_generate(&plan, &config, 1, 1);
	base = plan_text(&plan);
	plan_free(&plan);
	for (round = 0; round < 100000; round++) {
		size = strlen(base);
		memcpy(text, base, size);
		for (i = 1 + prng_below(&prng, 4); i; i--)
			size = mutate(&prng, text, size, sizeof(text));
		if (!plan_from(&plan, text, size, error)) {
			ASSERT_EQ(0, strncmp(error, "p:", 2));
			ASSERT_NE(NULL, strstr(error, "expected")) TH_LOG("%s", error);
			ASSERT_EQ(NULL, strchr(error, '\n'));
			continue;
		}
		accepted++;
		again = plan_text(&plan);
		ASSERT_TRUE(plan_from_text(&back, again, error)) TH_LOG("%s", error);
		ASSERT_TRUE(plan_equal(&plan, &back));
		free(again);
		plan_free(&plan);
		plan_free(&back);
	}
	EXPECT_GT(accepted, 1000);
	EXPECT_LT(accepted, 50000);
	free(base);
}

TEST(plan_files)
{
	const struct plan_config config = plan_fixture(MEMORY_SHARED, 20);
	char error[PLAN_ERROR_MAX], dir[] = "/tmp/plan.XXXXXX", path[60], bad[60];
	struct rlimit size = { 300, RLIM_INFINITY };
	struct plan plan, back;
	unsigned int files = 0;
	struct dirent *e;
	DIR *d;

	ASSERT_NE(NULL, mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a.plan", dir);
	snprintf(bad, sizeof(bad), "%s/none/a.plan", dir);
	plan_generate(&plan, &config, 1, 1);
	ASSERT_TRUE(plan_save(&plan, path, error, sizeof(error))) TH_LOG("%s", error);
	ASSERT_TRUE(plan_save(&plan, path, error, sizeof(error))) TH_LOG("%s", error);
	ASSERT_TRUE(plan_load(&back, path, error, sizeof(error))) TH_LOG("%s", error);
	EXPECT_TRUE(plan_equal(&plan, &back));
	EXPECT_FALSE(plan_save(&plan, bad, error, sizeof(error)));
	EXPECT_NE(NULL, strstr(error, "none/a.plan: cannot write the plan: No such file"));
	plan_free(&back);
	EXPECT_FALSE(plan_load(&back, bad, error, sizeof(error)));
	EXPECT_NE(NULL, strstr(error, "none/a.plan: cannot open the plan: No such file"));
	EXPECT_FALSE(plan_load(&back, dir, error, sizeof(error)));
	EXPECT_NE(NULL, strstr(error, "Is a directory")) TH_LOG("%s", error);
	/* A directory cannot be replaced: the attempt leaves nothing behind. */
	snprintf(bad, sizeof(bad), "%s/d", dir);
	ASSERT_EQ(0, mkdir(bad, 0700));
	EXPECT_FALSE(plan_save(&plan, bad, error, sizeof(error)));
	rmdir(bad);
	/* Nor is there room enough here: what was there stays. */
	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &size));
	EXPECT_FALSE(plan_save(&plan, path, error, sizeof(error)));
	size.rlim_cur = RLIM_INFINITY;
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &size));
	EXPECT_NE(NULL, strstr(error, "a.plan: cannot write the plan: File too large"));
	ASSERT_TRUE(plan_load(&back, path, error, sizeof(error))) TH_LOG("%s", error);
	EXPECT_TRUE(plan_equal(&plan, &back));
	plan_free(&back);
	for (d = opendir(dir); (e = readdir(d)); )
		files += e->d_name[0] != '.';
	closedir(d);
	EXPECT_EQ(1, files);
	unlink(path);
	rmdir(dir);
	plan_free(&plan);
}

TEST_HARNESS_MAIN
