/* SPDX-License-Identifier: GPL-2.0-only */
/* A plan from a file: run again, and made smaller. */
#ifndef REPLAY_H
#define REPLAY_H

#include "harness/runner.h"
#include "plan/plan.h"

/**
 * replay_run() - execute a plan for run->iterations rounds on one VM
 * @path: of the plan; a file that is wrong ends the sub-test with a line that says why
 * @run: of the sub-test; a fault leaves its evidence (evidence.h) and ends it
 */
void replay_run(const char *path, const struct run *run);

/**
 * replay_minimise() - make a failing plan smaller
 * @path: of the plan
 * @smaller: file for the result
 * @run: of the sub-test
 *
 * A repetition is run->iterations rounds on a new VM, in a process of its own, so that one
 * that crashes or hangs counts as failing like one whose history is wrong.
 */
void replay_minimise(const char *path, const char *smaller, const struct run *run);

#endif /* REPLAY_H */
