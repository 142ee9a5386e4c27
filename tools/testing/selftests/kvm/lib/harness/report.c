// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "harness/report.h"
#include "kselftest.h"

void report_begin(unsigned int planned)
{
	ksft_print_header();
	ksft_set_plan(planned);
}

int report_none(const char *reason)
{
	ksft_print_header();
	printf("1..0 # SKIP %s\n", reason);
	return KSFT_SKIP;
}

void report_text(const char *id, const char *text)
{
	while (*text) {
		int n = strcspn(text, "\n");

		ksft_print_msg("%s: %.*s\n", id, n, text);
		text += n + (text[n] == '\n');
	}
}

void report_result(const char *id, enum report_result result, enum verdict_class cls,
		   const char *reason, unsigned int ms)
{
	switch (result) {
	case REPORT_PASS:
		ksft_test_result_pass("%s # %u ms\n", id, ms);
		break;
	case REPORT_FAIL:
		ksft_test_result_fail("%s # %s %u ms\n", id, verdict_class_name(cls), ms);
		break;
	case REPORT_SKIP:
		/* Not ksft_test_result_skip(): it puts the directive where the id belongs. */
		ksft_test_result_code(KSFT_SKIP, id, "%s", reason);
		break;
	case REPORT_XFAIL:
		ksft_test_result_code(KSFT_XFAIL, id, "%s", reason);
		break;
	}
}

int report_end(void)
{
	unsigned int failed = ksft_get_fail_cnt() + ksft_get_error_cnt();

	if (!ksft_test_num())
		ksft_print_msg("no sub-test was run\n");
	ksft_print_cnts();
	if (failed || !ksft_test_num() || ksft_test_num() != ksft_plan)
		return KSFT_FAIL;
	return ksft_get_pass_cnt() || ksft_get_xfail_cnt() ? KSFT_PASS : KSFT_SKIP;
}

int report_written(const char *name, int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	fprintf(stderr, "%s: the output cannot be written: %m\n", name);
	return code == 2 ? code : 1;
}

void report_fixed(const char *id, enum report_result result, const char *fixed)
{
	if (result == REPORT_FAIL && fixed)
		printf("# %s: mended since %s; a kernel that is older lacks it\n", id, fixed);
}

void report_running(const char *id)
{
	printf("# RUN %s\n", id);
	fflush(stdout);
}
