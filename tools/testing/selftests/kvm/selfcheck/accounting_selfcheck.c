// SPDX-License-Identifier: GPL-2.0-only
/* Figures of /proc/vmstat, and what is made of a difference. */
#include <unistd.h>
#include "harness/accounting.h"
#include "kselftest_harness.h"

static const char vmstat[] =
	"nr_free_pages 482911\n"
	"nr_zone_unevictable 7\n"
	"nr_unevictable 12\n"
	"nr_page_table_pages 133\n"
	"nr_sec_page_table_pages 4\n";

TEST(figures_are_found)
{
	struct accounting a;

	accounting_parse(&a, vmstat);
	EXPECT_EQ(12, a.pages[ACCOUNTING_UNEVICTABLE]);
	EXPECT_EQ(4, a.pages[ACCOUNTING_PAGE_TABLES]);
	accounting_parse(&a, "nr_zone_unevictable 7\n");
	EXPECT_EQ(-1, a.pages[ACCOUNTING_UNEVICTABLE]);
	EXPECT_EQ(-1, a.pages[ACCOUNTING_PAGE_TABLES]);
}

TEST(charges_are_found)
{
	struct accounting before, after;
	char text[200];

	accounting_parse(&before, vmstat);
	EXPECT_EQ(-1, before.pages[ACCOUNTING_CHARGED]);
	accounting_parse_charged(&before, "anon 8192\nfile 4096\nsec_pagetables 0\nunevictable 4096\n");
	EXPECT_EQ(3 * 4096 / sysconf(_SC_PAGESIZE), before.pages[ACCOUNTING_CHARGED]);
	after = before;
	after.pages[ACCOUNTING_CHARGED] += 2;
	EXPECT_FALSE(accounting_compare(&before, &after, text, sizeof(text)));
	EXPECT_STREQ("2 pages charged to its cgroup are not given back", text);
	accounting_parse_charged(&after, "anon 8192\nfile 4096\n");
	EXPECT_EQ(-1, after.pages[ACCOUNTING_CHARGED]);
	EXPECT_TRUE(accounting_compare(&before, &after, text, sizeof(text)));
}

TEST(one_page_is_missed)
{
	struct accounting before, after;
	char text[200];

	accounting_parse(&before, vmstat);
	after = before;
	EXPECT_TRUE(accounting_compare(&before, &after, text, sizeof(text)));
	EXPECT_STREQ("", text);
	after.pages[ACCOUNTING_UNEVICTABLE]++;
	EXPECT_FALSE(accounting_compare(&before, &after, text, sizeof(text)));
	EXPECT_STREQ("1 pages of unevictable memory are not given back", text);
	after.pages[ACCOUNTING_PAGE_TABLES] += 3;
	EXPECT_FALSE(accounting_compare(&before, &after, text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, ", 3 pages of guests' page tables"));
}

/* What others had and gave back meanwhile, and what a kernel does not count, is no fault. */
TEST(less_is_no_fault)
{
	struct accounting before, after;
	char text[200];

	accounting_parse(&before, vmstat);
	accounting_parse(&after, "nr_unevictable 3\n");
	EXPECT_TRUE(accounting_compare(&before, &after, text, sizeof(text)));
	EXPECT_TRUE(accounting_compare(&after, &after, text, sizeof(text)));
}

TEST_HARNESS_MAIN
