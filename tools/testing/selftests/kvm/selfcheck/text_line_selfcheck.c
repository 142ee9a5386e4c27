// SPDX-License-Identifier: GPL-2.0-only
/* Lines of text as they come from files: of any length, or refused. */
#include <stdlib.h>
#include <string.h>
#include "harness/text_line.h"
#include "kselftest_harness.h"
#include "oracle/history_text.h"

/* The head that the program prints may have as many words as there are pages. */
TEST(heads_of_any_length)
{
	char line[] = "history pages=32 shared=1 shared=3 shared=5 shared=7 shared=9 shared=11 shared=13 shared=15 shared=17 shared=19 shared=21 shared=23\r";
	struct checker_config config;
	char error[200] = "";
	unsigned int page;

	ASSERT_TRUE(history_parse_head(line, &config, error, sizeof(error))) TH_LOG("%s", error);
	for (page = 0; page < 32; page++)
		EXPECT_EQ(config.state[page], page < 24 && page % 2);
	free((void *)config.state);
}

static int read_text(const char *text, size_t size, char *line, size_t line_size)
{
	FILE *file = fmemopen((void *)text, size, "r");
	char error[200] = "";
	int got = text_line_read(file, line, line_size, error, sizeof(error));

	fclose(file);
	return got < 0 && !strstr(error, "expected") ? -2 : got;
}

TEST(lines_of_a_file)
{
	char line[8];

	EXPECT_EQ(read_text("one\ntwo", 7, line, sizeof(line)), 1);
	EXPECT_STREQ(line, "one");
	EXPECT_EQ(read_text("one\r\n", 5, line, sizeof(line)), 1);
	EXPECT_STREQ(line, "one");
	EXPECT_EQ(read_text("seven 7", 7, line, sizeof(line)), 1);
	EXPECT_STREQ(line, "seven 7");
	EXPECT_EQ(read_text("eight 88", 8, line, sizeof(line)), -1);
	EXPECT_EQ(read_text("a\0b", 3, line, sizeof(line)), -1);
	EXPECT_EQ(read_text("a\033", 2, line, sizeof(line)), -1);
}

TEST_HARNESS_MAIN
