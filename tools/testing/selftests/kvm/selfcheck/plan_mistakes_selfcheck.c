// SPDX-License-Identifier: GPL-2.0-only
/* Mistakes in plans written by hand: each gets one line with its place and what was expected. */
#include "kselftest_harness.h"
#include "plan_fixture.h"

#define ANON	"# kvm-gmem plan 1\nvm kind=anonymous vcpus=1 hosts=1 pages=4\n"

static const char *const mistakes[][2] = {
	{ "", "p:1: empty; expected '# kvm-gmem plan 1'" },
	{ "\n", "p:1: no plan; expected '# kvm-gmem plan 1' as the first line" },
	{ "vm kind=private vcpus=2 hosts=1 pages=64\n", "p:1: no plan" },
	{ "# kvm-gmem plan 2\n", "p:1: version '2' is not known; expected 1" },
	{ "# kvm-gmem plan 1x\n", "p:1: version '1x'" },
	{ "# kvm-gmem plan \n", "p:1: no plan" },
	{ "# kvm-gmem plan 1\n", "p:2: the end; expected 'vm kind=" },
	{ "# kvm-gmem plan 1\n\nactor vcpu 0\n", "p:3: 'actor' before the vm line" },
	{ "# kvm-gmem plan 1\npunch page=1\n", "p:2: 'punch' before the vm line" },
	{ "# kvm-gmem plan 1\nvm\n", "p:2: vm without kind; expected kind=" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=2 hosts=1\n", "vm without pages" },
	{ "# kvm-gmem plan 1\nvm kind=split vcpus=2\n",
	  "kind=split is not allowed; expected one of: anonymous, shared, private, sealed, in-place" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=65 hosts=1 pages=1\n",
	  "p:2: vcpus=65 is not allowed; expected a number from 0 to 64" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=-1 hosts=1 pages=1\n",
	  "vcpus=-1 is not allowed" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus= hosts=1 pages=1\n", "vcpus= is not allowed" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=0x hosts=1 pages=1\n", "vcpus=0x is not" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=0 hosts=0 pages=1\n", "at least one actor" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=1 hosts=0 pages=0\n", "pages: 0 is not" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=1 hosts=0 pages=524289\n", "to 524288" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=1 hosts=0 pages=2 slots=3\n",
	  "slots: 3 is not allowed; expected 1 to 2" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=1 hosts=0 pages=2 seed=18446744073709551616\n",
	  "seed=18446744073709551616 is not" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=1 hosts=0 pages=2 seed=0x10000000000000000\n",
	  "seed=0x10000000000000000 is not" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=1 hosts=0 pages=2 ops=3\n",
	  "'ops=3' is no field of vm; expected NAME=VALUE of: kind, vcpus, hosts, pages, slots, seed, "
	  "round" },
	{ PLAN_VM "vm kind=private vcpus=2 hosts=1 pages=64\n", "p:3: a second vm line" },
	{ PLAN_VM "punch page=1\n", "p:3: 'punch' before any actor" },
	{ PLAN_VM "actor\n", "expected 'actor vcpu NUMBER' or 'actor host NUMBER'" },
	{ PLAN_VM "actor vcpu\n", "p:3: bad actor" },
	{ PLAN_VM "actor guest 0\n", "p:3: bad actor" },
	{ PLAN_VM "actor vcpu 0 0\n", "p:3: bad actor" },
	{ PLAN_VM "actor vcpu 2\n", "p:3: actor vcpu 2 is not there; expected 0 to 1" },
	{ PLAN_VM "actor vcpu x\n", "p:3: actor vcpu x is not there" },
	{ PLAN_VM "actor host 1\n", "actor host 1 is not there; expected 0 to 0" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=1 hosts=0 pages=2\nactor host 0\n", "hosts=0" },
	{ PLAN_VM "actor vcpu 0\nactor host 0\nactor vcpu 0\n", "p:5: a second actor vcpu 0" },
	{ PLAN_VM "actor vcpu 0\nrad page=1 word=0\n",
	  "p:4: 'rad' is no operation; expected one of: read, poll, write, exchange, execute, guest-convert" },
	{ PLAN_VM "actor vcpu 0\npunch page=1\n",
	  "p:4: 'punch' is nothing that a vCPU does on private memory; expected one of: read, poll, write" },
	{ PLAN_VM "actor host 0\nread page=1 word=1\n",
	  "'read' is nothing that a host thread does" },
	{ PLAN_VM "actor host 0\ndirty-log memslot=0\n",
	  "'dirty-log' is nothing that a host thread does" },
	{ ANON "actor host 0\npunch page=1\n",
	  "'punch' is nothing that a host thread does on anonymous memory; expected one of: host-read" },
	{ ANON "actor vcpu 0\nguest-convert page=1 to=shared\n", "'guest-convert' is nothing" },
	{ ANON "actor host 0\nreplug memslot=1\n", "memslot 1 is not there; expected 0 to 0" },
	{ ANON "actor host 0\nsignal vcpu=1\n", "vcpu 1 is not there; expected 0 to 0" },
	{ "# kvm-gmem plan 1\nvm kind=private vcpus=0 hosts=1 pages=2\nactor host 0\nsignal vcpu=0\n",
	  "there is no vCPU" },
	{ PLAN_VM "actor vcpu 0\nwrite page=3\n", "p:4: write without word; expected word=" },
	{ PLAN_VM "actor vcpu 0\nwrite word=3\n", "write without page" },
	{ PLAN_VM "actor vcpu 0\nwrite page=3 word=512\n",
	  "word 512 is not there; expected 0 to 511" },
	{ PLAN_VM "actor vcpu 0\nwrite page=3 word=65536\n", "word=65536 is not allowed" },
	{ PLAN_VM "actor vcpu 0\nwrite page=3 word=256\n",
	  "word 256 is for code; expected 0 to 255 or 264" },
	{ PLAN_VM "actor vcpu 0\nexecute page=3 word=0\n",
	  "word 0 is not for code; expected 256 to 263" },
	{ PLAN_VM "actor vcpu 0\nwrite page=64 word=1\n",
	  "page 64 is not there; expected 0 to 63" },
	{ PLAN_VM "actor vcpu 0\nwrite page=4294967296 word=1\n",
	  "page=4294967296 is not allowed" },
	{ PLAN_VM "actor vcpu 0\nwrite page=3 word=1 pages=1\n", "'pages=1' is no field of write" },
	{ PLAN_VM "actor vcpu 0\nwrite page=3 page=3 word=1\n", "page is given twice" },
	{ PLAN_VM "actor vcpu 0\nwrite page 3\n",
	  "'page' is no field of write; expected NAME=VALUE of: page," },
	{ PLAN_VM "actor vcpu 0\nwrite page=3 word=1 delay=1000001\n", "from 0 to 1000000" },
	{ PLAN_VM "actor vcpu 0\nguest-convert page=3\n", "guest-convert without to" },
	{ PLAN_VM "actor vcpu 0\nguest-convert page=3 to=both\n",
	  "to=both is not allowed; expected one of: "
	  "shared, private" },
	{ PLAN_VM "actor host 0\npunch page=1 pages=64\n",
	  "64 pages from page 1 are not there; expected 1 to 63" },
	{ PLAN_VM "actor host 0\npunch page=1 pages=0\n", "0 pages from page 1" },
	{ PLAN_VM "actor host 0\npunch page=1 pages=4294967295\n", "4294967295 pages from page 1" },
	{ PLAN_VM "actor host 0\npunch page=1 to=private\n", "'to=private' is no field of punch" },
	{ PLAN_VM "actor host 0\nreopen page=1\n",
	  "'page=1' is no field of reopen; expected NAME=VALUE of: delay" },
	{ PLAN_VM "actor host 0\nreplug memslot=2\n", "memslot 2 is not there; expected 0 to 1" },
	{ PLAN_VM "actor host 0\na b c d e f g h i j k l m n o p q\n", "too many words" },
	{ PLAN_VM "actor host 0\nreopen \001\n", "p:4: byte 0x1 is no text" },
};

TEST(plan_mistakes)
{
	char error[PLAN_ERROR_MAX];
	struct plan plan;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		EXPECT_FALSE(plan_from_text(&plan, mistakes[i][0], error))
			TH_LOG("%s", mistakes[i][0]);
		EXPECT_EQ(NULL, plan.actors);
		EXPECT_NE(NULL, strstr(error, mistakes[i][1]))
			TH_LOG("%s: %s", mistakes[i][0], error);
		EXPECT_EQ(0, strncmp(error, "p:", 2));
		EXPECT_NE(NULL, strstr(error, "expected")) TH_LOG("%s", error);
		EXPECT_EQ(NULL, strchr(error, '\n'));
	}
}

TEST(plan_nul_and_long_lines)
{
	static const char nul[] = PLAN_VM "actor host 0\nreopen\0 delay=1\n";
	char error[PLAN_ERROR_MAX], text[3000];
	struct plan plan;

	EXPECT_FALSE(plan_from(&plan, nul, sizeof(nul) - 1, error));
	EXPECT_NE(NULL, strstr(error, "p:4: byte 0 is no text")) TH_LOG("%s", error);
	snprintf(text, sizeof(text), "%s%01500d\n", PLAN_VM, 0);
	EXPECT_FALSE(plan_from_text(&plan, text, error));
	EXPECT_NE(NULL, strstr(error, "p:3: line too long")) TH_LOG("%s", error);
}

TEST(plan_too_many_operations)
{
	char error[PLAN_ERROR_MAX], *text = NULL;
	struct plan plan;
	unsigned int i;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	fputs(PLAN_VM "actor host 0\n", file);
	for (i = 0; i <= PLAN_OPS_MAX; i++)
		fputs("reopen\n", file);
	fclose(file);
	EXPECT_FALSE(plan_from_text(&plan, text, error));
	EXPECT_STREQ("p:4100: too many operations of one actor; expected at most 4096", error);
	text[size - strlen("reopen\n")] = 0;
	ASSERT_TRUE(plan_from_text(&plan, text, error)) TH_LOG("%s", error);
	plan_free(&plan);
	free(text);
}

/* What no text can say but a program can: fields out of place. */
TEST(plan_op_mistakes)
{
	static const struct {
		struct plan_op op;
		const char *text;
	} *row, rows[] = {
		{ { PLAN_KINDS }, "'?' is nothing" },
		{ { 255 }, "'?' is nothing" },
		{ { PLAN_OP(PUNCH), PLAN_TO_PRIVATE, .pages = 1 }, "flag 1" },
		{ { PLAN_OP(TO_SHARED), 2, .pages = 1 }, "flag 2" },
		{ { PLAN_OP(FILE_CLOSE), .delay = PLAN_DELAY_MAX + 1 }, "delay 1000001" },
		{ { PLAN_OP(FILE_CLOSE), .page = 1 }, "page 1 is not there; expected 0 to 0" },
		{ { PLAN_OP(FILE_CLOSE), .pages = 1 }, "pages 1" },
		{ { PLAN_OP(PUNCH), .word = 1, .pages = 1 }, "word 1" },
		{ { PLAN_HOST_READ }, "0 pages from page 0" },
		{ { PLAN_HOST_READ, .pages = 2 }, "2 pages from page 0 are not there; expected 1 to 1" },
	};
	const struct plan_config config = plan_fixture(MEMORY_SPLIT, 1);
	char error[PLAN_ERROR_MAX];

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		EXPECT_FALSE(plan_op_check(&config, false, &row->op, error, sizeof(error)))
			TH_LOG("%s", row->text);
		EXPECT_NE(NULL, strstr(error, row->text)) TH_LOG("%s: %s", row->text, error);
	}
}

TEST_HARNESS_MAIN
