// SPDX-License-Identifier: GPL-2.0-only
/* Small files are written and read as a whole, and a file that is not there is not made. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/text_file.h"
#include "kselftest_harness.h"

TEST(text_comes_back)
{
	char path[] = "/tmp/text_file_selfcheck.XXXXXX", text[8];
	int fd = mkstemp(path);

	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_TRUE(text_file_write(path, "123456789"));
	EXPECT_TRUE(text_file_read(path, text, sizeof(text)));
	EXPECT_STREQ("1234567", text);
	/* What was there before is gone. */
	EXPECT_TRUE(text_file_write(path, "1"));
	EXPECT_TRUE(text_file_read(path, text, sizeof(text)));
	EXPECT_STREQ("1", text);
	unlink(path);
}

TEST(missing_file_is_an_error)
{
	char text[8] = "x";

	EXPECT_FALSE(text_file_write("/tmp/text_file_selfcheck.missing", "1"));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_FALSE(text_file_read("/tmp/text_file_selfcheck.missing", text, sizeof(text)));
	EXPECT_STREQ("", text);
}

TEST(refused_text_is_an_error)
{
	EXPECT_FALSE(text_file_write("/dev/full", "1"));
	EXPECT_EQ(ENOSPC, errno);
}

TEST_HARNESS_MAIN
