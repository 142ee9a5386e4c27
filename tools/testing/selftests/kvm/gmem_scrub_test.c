// SPDX-License-Identifier: GPL-2.0-only
#include "runner.h"
static void nothing(const struct run *run) { (void)run; verdict_skip("not written"); }
static const struct subtest subtests[] = { { "x/y", "claim", nothing } };
int main(int argc, char **argv) { static const struct program program = PROGRAM("gmem_scrub_test", subtests); return runner_main(argc, argv, &program); }
