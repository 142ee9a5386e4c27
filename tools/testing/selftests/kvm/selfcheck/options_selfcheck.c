// SPDX-License-Identifier: GPL-2.0-only
/* The command line of the test programs: what it means, and that mistakes get one clear line. */
#include "harness/options.h"
#include "kselftest_harness.h"

static uint64_t vcpus;

static const char *select_pair(const char *text)
{
	if (text && !strcmp(text, "a,b"))
		return "pair/a+b";
	fprintf(stderr, "some_test: --pair: expected a,b\n");
	return NULL;
}

static const struct program_option own[] = {
	{ "--vcpus", "how many", &vcpus, 1, 64 },
	{ "--pair", "two", .select = select_pair },
	{ }
};

static bool check_vcpus(const char *name)
{
	if (vcpus != 13)
		return true;
	fprintf(stderr, "%s: --vcpus 13: expected no such number\n", name);
	return false;
}

static const struct program program = {
	.check = check_vcpus,
	.name = "some_test", .options = own, .iterations = 30, .duration = 2.5,
};

#define ARGS_MAX	40

FIXTURE(options)
{
	struct options o;
	char *argv[ARGS_MAX];
	int saved[2];
	FILE *out;
	char text[4000];
};

FIXTURE_SETUP(options)
{
	memset(self, 0, sizeof(*self));
	vcpus = 4;
}

FIXTURE_TEARDOWN(options)
{
}

/* Parse @line, words separated by blanks; what was printed lands in self->text. */
static int parse(FIXTURE_DATA(options) *self, char *line)
{
	int argc = 1, r, saved_out, saved_err, fd;
	FILE *capture = tmpfile();
	size_t n;

	self->argv[0] = "some_test";
	for (line = strtok(line, " "); line && argc < ARGS_MAX - 1; line = strtok(NULL, " "))
		self->argv[argc++] = line;
	self->argv[argc] = NULL;

	fflush(NULL);
	saved_out = dup(1);
	saved_err = dup(2);
	fd = fileno(capture);
	dup2(fd, 1);
	dup2(fd, 2);
	r = options_parse(&self->o, argc, self->argv, &program);
	fflush(NULL);
	dup2(saved_out, 1);
	dup2(saved_err, 2);
	close(saved_out);
	close(saved_err);
	rewind(capture);
	n = fread(self->text, 1, sizeof(self->text) - 1, capture);
	self->text[n] = 0;
	fclose(capture);
	return r;
}

#define PARSE(line)	parse(self, (char []){ line })

/* Numbers are written in one way everywhere, plans included. */
TEST_F(options, numbers)
{
	EXPECT_EQ(-1, PARSE("--seed 010"));
	EXPECT_EQ(10, self->o.seed);
	EXPECT_EQ(-1, PARSE("--seed 0x1f"));
	EXPECT_EQ(31, self->o.seed);
	EXPECT_EQ(2, PARSE("--seed 0X1f"));
	EXPECT_EQ(2, PARSE("--seed -1"));
	EXPECT_EQ(2, PARSE("--seed 18446744073709551616"));
	EXPECT_EQ(2, PARSE("--duration 0x10"));
	EXPECT_EQ(2, PARSE("--duration 1e3"));
	EXPECT_EQ(2, PARSE("--duration 5."));
	EXPECT_EQ(2, PARSE("--duration nan"));
	EXPECT_EQ(-1, PARSE("--duration 0.5"));
}

TEST_F(options, that_make_no_sense_together)
{
	EXPECT_EQ(-1, PARSE("--vcpus 12 --list"));
	EXPECT_EQ(2, PARSE("--vcpus 13 --list"));
	EXPECT_NE(NULL, strstr(self->text, "expected no such number"));
}

TEST_F(options, defaults)
{
	EXPECT_EQ(-1, PARSE(""));
	EXPECT_EQ(30, self->o.iterations);
	EXPECT_EQ(2.5, self->o.duration);
	EXPECT_EQ(0, self->o.patterns);
	EXPECT_FALSE(self->o.list);
	EXPECT_LE(self->o.seed, 0xffffffff);
	EXPECT_STREQ("", self->text);
	EXPECT_TRUE(options_select(&self->o, "any/thing"));
}

TEST_F(options, all_given)
{
	EXPECT_EQ(-1, PARSE("--seed 0x10 --iterations 7 --duration 0.5 --vcpus 64 --list"));
	EXPECT_EQ(16, self->o.seed);
	EXPECT_EQ(7, self->o.iterations);
	EXPECT_EQ(0.5, self->o.duration);
	EXPECT_EQ(64, vcpus);
	EXPECT_TRUE(self->o.list);
}

TEST_F(options, flag_without_value_between_others)
{
	EXPECT_EQ(-1, PARSE("--seed 1 --list --iterations 2"));
	EXPECT_EQ(1, self->o.seed);
	EXPECT_EQ(2, self->o.iterations);
}

TEST_F(options, largest_seed)
{
	EXPECT_EQ(-1, PARSE("--seed 18446744073709551615"));
	EXPECT_EQ(UINT64_MAX, self->o.seed);
}

TEST_F(options, patterns_select)
{
	EXPECT_EQ(-1, PARSE("--run stale/* --run scrub/clos?"));
	EXPECT_TRUE(options_select(&self->o, "stale/punch-1"));
	EXPECT_TRUE(options_select(&self->o, "scrub/close"));
	EXPECT_FALSE(options_select(&self->o, "scrub/closed"));
	EXPECT_FALSE(options_select(&self->o, "stale"));
}

/* It stands for --run, and the command that repeats one sub-test names that one alone. */
TEST_F(options, option_that_selects)
{
	char *argv[] = { "some_test", "--vcpus", "2", "--pair", "a,b" };
	char text[200];

	EXPECT_EQ(-1, PARSE("--vcpus 2 --pair a,b"));
	EXPECT_TRUE(options_select(&self->o, "pair/a+b"));
	EXPECT_FALSE(options_select(&self->o, "pair/a+c"));
	self->o.seed = 1;
	options_command(&self->o, 5, argv, "pair/a+b", text, sizeof(text));
	EXPECT_STREQ("some_test --run pair/a+b --seed 0x1 --vcpus 2", text);
	EXPECT_EQ(2, PARSE("--pair a"));
	EXPECT_STREQ("some_test: --pair: expected a,b\n", self->text);
}

TEST_F(options, help)
{
	EXPECT_EQ(0, PARSE("--help"));
	EXPECT_NE(NULL, strstr(self->text, "Usage: some_test"));
	EXPECT_NE(NULL, strstr(self->text, "--vcpus"));
	EXPECT_NE(NULL, strstr(self->text, "(default 4)"));
}

TEST_F(options, mistakes)
{
	/* What is wrong, and what must be in the explanation. */
	static const char *const mistakes[][2] = {
		{ "--sed 1", "--sed" },
		{ "-h", "--help lists" },
		{ "stale/punch", "stale/punch" },
		{ "--seed", "(nothing)" },
		{ "--seed x", "'x'" },
		{ "--seed -1", "a number" },
		{ "--seed 1x", "'1x'" },
		{ "--seed 18446744073709551616", "a number" },
		{ "--iterations 0", "from 1 to" },
		{ "--iterations 1000000001", "from 1 to" },
		{ "--duration 0", "seconds" },
		{ "--duration -3", "seconds" },
		{ "--duration nan", "seconds" },
		{ "--duration inf", "seconds" },
		{ "--duration 5s", "'5s'" },
		{ "--vcpus 0", "from 1 to 64" },
		{ "--vcpus 65", "from 1 to 64" },
		{ "--vcpus", "(nothing)" },
		{ "--run", "pattern" },
		{ "--seed 1 --list --nonsense", "--nonsense" },
	};
	char line[100];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		snprintf(line, sizeof(line), "%s", mistakes[i][0]);
		EXPECT_EQ(2, parse(self, line)) TH_LOG("%s", mistakes[i][0]);
		EXPECT_NE(NULL, strstr(self->text, mistakes[i][1]))
			TH_LOG("%s: %s", mistakes[i][0], self->text);
		EXPECT_EQ(0, strncmp(self->text, "some_test: ", 11));
		/* One line. */
		EXPECT_EQ(strlen(self->text) - 1, strcspn(self->text, "\n"))
			TH_LOG("%s: %s", mistakes[i][0], self->text);
	}
}

TEST_F(options, too_many_patterns)
{
	EXPECT_EQ(2, PARSE("--run 1 --run 2 --run 3 --run 4 --run 5 --run 6 --run 7 --run 8 --run 9 "
			   "--run 10 --run 11 --run 12 --run 13 --run 14 --run 15 --run 16 --run 17"));
	EXPECT_NE(NULL, strstr(self->text, "'17'")) TH_LOG("%s", self->text);
}

/* Every sub-test is exactly one shard's; a program that divides its work is whole in each. */
TEST_F(options, shards)
{
	struct program whole = program;
	char line[] = "--shard 1/3", many[] = "--shard 0/1000000";
	unsigned int i;

	ASSERT_EQ(-1, parse(self, line));
	EXPECT_EQ(1, self->o.shard);
	EXPECT_EQ(3, self->o.shards);
	for (i = 0; i < 7; i++)
		EXPECT_EQ(i % 3 == 1, options_take(&self->o, "a/b"));
	EXPECT_EQ(7, self->o.matched);
	whole.whole = true;
	self->o.program = &whole;
	EXPECT_TRUE(options_take(&self->o, "a/b"));
	EXPECT_EQ(-1, parse(self, many));
}

TEST_F(options, bad_shards)
{
	static const char *const bad[] = {
		"--shard", "--shard 3", "--shard 3/3", "--shard /3", "--shard 1/", "--shard 1/0",
		"--shard -1/3", "--shard 0/1000001", "--shard 0x0000000000000000000000001/3",
	};
	char line[80];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(line, sizeof(line), "%s", bad[i]);
		EXPECT_EQ(2, parse(self, line)) TH_LOG("%s", bad[i]);
		EXPECT_NE(NULL, strstr(self->text, "I from 0 to N-1"));
	}
}

TEST_HARNESS_MAIN
