// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that does one thing wrong: of what the reads prove, the checker notices the share that
 * is asked for, with a witness that proves it, and nothing else.
 */
#include "fault_rate.h"
#include "kselftest_harness.h"

#define HISTORIES	4000
#define EACH_FLOOR	90	/* percent, of each fault */

static void place_check(struct __test_metadata *_metadata, enum fault_place place)
{
	uint64_t provable = 0, noticed = 0;
	unsigned int fault;

	for (fault = 0; fault < FAULTS; fault++) {
		struct fault_rate r;

		if (!fault_place_has(place, fault))
			continue;
		r = fault_rate_measure(place, fault, 1u << 20, HISTORIES);
		EXPECT_EQ(r.wrong, 0);
		EXPECT_EQ(r.unproven, 0);
		EXPECT_GT(r.provable, 0);
		EXPECT_GE(r.noticed * 100, r.provable * EACH_FLOOR)
			TH_LOG("%s: %llu of %llu", sim_fault_name(fault),
			       (unsigned long long)r.noticed, (unsigned long long)r.provable);
		provable += r.provable;
		noticed += r.noticed;
	}
	TH_LOG("%s: %llu of %llu noticed", fault_place_name(place), (unsigned long long)noticed,
	       (unsigned long long)provable);
	EXPECT_GE(noticed * 100, provable * fault_place_floor(place));
}

TEST(in_place)
{
	place_check(_metadata, PLACE_ONE_COPY);
}

TEST(split)
{
	place_check(_metadata, PLACE_SPLIT);
}

TEST(hosts_convert)
{
	place_check(_metadata, PLACE_HOSTS_CONVERT);
}

TEST_HARNESS_MAIN
