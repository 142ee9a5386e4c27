// SPDX-License-Identifier: GPL-2.0-only
/* Mappings of /proc/PID/smaps, and which of them count. */
#include "harness/resident.h"
#include "kselftest_harness.h"

static char smaps[] =
	"00400000-00500000 r-xp 00000000 00:01 77 /suite/gmem_stress\n"
	"Rss:                1024 kB\n"
	"Anonymous:             4 kB\n"
	"AnonHugePages:         0 kB\n"
	"7f0000000000-7f0000040000 rw-p 00000000 00:00 0 \n"
	"Rss:                 256 kB\n"
	"Anonymous:           256 kB\n"
	"7f0000050000-7f0000060000 rw-p 00000000 00:00 0 [heap]\n"
	"Rss:                  64 kB\n"
	"Anonymous:            60 kB\n";

static uint64_t sum(const struct resident_range *skip, unsigned int count)
{
	FILE *f = fmemopen(smaps, sizeof(smaps) - 1, "r");
	uint64_t bytes = resident_sum(f, skip, count);

	fclose(f);
	return bytes;
}

TEST(anonymous_memory_is_added_up)
{
	EXPECT_EQ((4 + 256 + 60) * 1024, sum(NULL, 0));
}

TEST(what_is_skipped_does_not_count)
{
	const struct resident_range guest = { 0x7f0000000000, 0x7f0000040000 };
	const struct resident_range part = { 0x7f000003f000, 0x7f0000050000 };
	const struct resident_range beside = { 0x7f0000040000, 0x7f0000050000 };

	EXPECT_EQ((4 + 60) * 1024, sum(&guest, 1));
	EXPECT_EQ((4 + 60) * 1024, sum(&part, 1));
	EXPECT_EQ((4 + 256 + 60) * 1024, sum(&beside, 1));
}

TEST(this_process_has_some)
{
	EXPECT_LT(0, resident_without(NULL, 0));
}

TEST_HARNESS_MAIN
