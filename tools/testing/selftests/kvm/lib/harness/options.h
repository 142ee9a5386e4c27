/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of a test program. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "harness/runner.h"

#define OPTIONS_PATTERNS	16

struct options {
	const char *pattern[OPTIONS_PATTERNS];
	unsigned int patterns;
	bool list;
	uint64_t seed;
	uint64_t iterations;
	double duration;
	uint32_t shard, shards;
	unsigned int matched;	/* sub-tests that options_take() has seen match so far */
	const struct program *program;
	char command[1000];	/* options_command() of the sub-test that runs */
};

/**
 * options_vm_type() - which type of VM is private memory to be tested on?
 *
 * Return: the name that --vm-type gave, NULL if it was not given.
 */
const char *options_vm_type(void);

/**
 * options_vm_type_name() - names that --vm-type takes; a floor that knows VMs defines it
 * @number: from 0
 *
 * Return: the name, NULL behind the last.
 */
const char *options_vm_type_name(unsigned int number);

/**
 * options_level() - at which level of virtualisation are agents to run?
 *
 * Return: the name that --level gave, NULL if it was not given.
 */
const char *options_level(void);

/**
 * options_level_name() - names that --level takes; an architecture that has them defines it
 * @number: from 0
 *
 * Return: the name, NULL behind the last.
 */
const char *options_level_name(unsigned int number);

/**
 * options_parse() - read the command line
 * @o: filled in; defaults from @p
 * @argc: of main()
 * @argv: of main()
 * @p: the program, for its name and its own options
 *
 * Return: -1 to go on, else the exit code (0 after --help, 2 after a bad option,
 * which was explained in one line).
 */
int options_parse(struct options *o, int argc, char **argv, const struct program *p);

/**
 * options_command() - the command that runs one sub-test again, with the same seed
 * @o: filled in by options_parse()
 * @argc: of main()
 * @argv: of main()
 * @id: of the sub-test
 * @text: filled in, cut off if it does not fit
 * @size: bytes at @text
 */
void options_command(const struct options *o, int argc, char **argv, const char *id, char *text,
		     size_t size);

/**
 * options_select() - does the command line ask for a sub-test?
 * @o: filled in by options_parse()
 * @id: of the sub-test
 *
 * Return: true if a pattern (fnmatch(3)) matches, or none was given.
 */
bool options_select(const struct options *o, const char *id);

/**
 * options_take() - is a sub-test this shard's?
 * @o: filled in by options_parse()
 * @id: of the sub-test; called for all of them, in order, which go round the shards
 *
 * Return: true if the command line asks for it, and it is this shard's turn.
 */
bool options_take(struct options *o, const char *id);

#endif /* OPTIONS_H */
