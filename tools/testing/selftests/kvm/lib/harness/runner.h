/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test program is made of.
 *
 *	static void punch(const struct run *run) { ... }
 *
 *	static const struct subtest subtests[] = {
 *		{ "stale/punch", "after a punch returned no vCPU sees the old page", punch },
 *	};
 *
 *	int main(int argc, char **argv)
 *	{
 *		static const struct program p = PROGRAM("gmem_stale_test", subtests);
 *
 *		return runner_main(argc, argv, &p);
 *	}
 *
 * Each sub-test runs in a process of its own.  It passes when its function returns,
 * the kernel log holds no complaint since its marker, and, if it races something,
 * the race was seen to happen.
 */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/array.h"
#include "abi/prng.h"
#include "harness/verdict.h"

struct run {
	const char *id;
	const char *command;	/* that repeats this sub-test, seed included */
	uint64_t seed;		/* of this sub-test: from --seed and the id */
	uint64_t iterations;	/* rounds of a race; from --iterations or the program's default */
	double duration;	/* seconds for open-ended programs; 0: not given */
	uint32_t shard, shards;	/* this machine of so many, from --shard; else 0 of 1 */
	const void *arg;	/* of the table's row */
	void *options;		/* of the program */
};

/*
 * A fault of the kernel that is known and not fixed yet.  Where it shows, the result is
 * XFAIL with the reference, not a failure; any other complaint still fails.
 */
struct known_issue {
	enum verdict_class cls;	/* of the failure; VERDICT_KERNEL: a complaint in the log */
	const char *complaint;	/* fnmatch pattern of its first line, with @(a|b) */
	const char *reference;
	bool certain;		/* shows in every run; a pass fails as XPASS */
	uint32_t others;	/* classes that it may have as well, a bit for each */
};

struct subtest {
	const char *id;		/* subject/what-happens: stable, CI and bisections refer to it */
	const char *claim;	/* one sentence: what is true if it passes */
	void (*run)(const struct run *run);
	const void *arg;
	const struct known_issue *known;
	const char *fixed;	/* "7.0: title of the commit" that mended what fails here */
};

/* An option of the program's own, for --help and parsing. */
struct program_option {
	const char *name;	/* "--vcpus" */
	const char *help;
	uint64_t *value;
	uint64_t minimum, maximum;
	const char **text;	/* instead of @value: any text, the program checks it itself */
	/*
	 * Instead of both: the option stands for --run, of the pattern that is returned; NULL
	 * after one line on stderr if the text, which may be NULL, is wrong.
	 */
	const char *(*select)(const char *text);
};

struct program {
	const char *name;
	const struct subtest *subtests;
	unsigned int count;
	const struct program_option *options;	/* ends with a NULL name */
	uint64_t iterations;			/* default; 0: 30 */
	double duration;			/* default, seconds */
	/*
	 * Why a sub-test cannot be run here, where that is known without trying; else NULL.  Most
	 * sub-tests find out themselves; this is for hundreds with one reason.
	 */
	const char *(*lacks)(const struct subtest *s);
	bool whole;	/* each shard runs all sub-tests, which divide their work themselves */
	/* Do the program's own options make sense together?  Else one line on stderr, and false. */
	bool (*check)(const char *name);
};

/**
 * runner_main() - run the sub-tests that the command line asks for
 * @argc: of main()
 * @argv: of main()
 * @p: the program
 *
 * Return: exit code for main(): 0 passed, 1 failed, 2 bad usage, 4 all skipped.
 */
int runner_main(int argc, char **argv, const struct program *p);

/*
 * main() of a program with this table of sub-tests; what differs from the defaults of struct
 * program stands behind the table, as .iterations = 10.
 */
#define TEST_PROGRAM(program_name, table, ...)					\
int main(int argc, char **argv)							\
{										\
	static const struct program program = {					\
		.name = program_name, .subtests = table,			\
		.count = ARRAY_SIZE(table), ##__VA_ARGS__			\
	};									\
										\
	return runner_main(argc, argv, &program);				\
}

#endif /* RUNNER_H */
