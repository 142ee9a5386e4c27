// SPDX-License-Identifier: GPL-2.0-only
/* Pages of a TDX guest, on a machine with TDX. */
#include "machine/x86/tdx.h"
#include "scenario/x86/tdx_pages.h"

#define ROW(run)		run, &(const struct tdx_row){ tdx_type }
#define PAGES(run, pages)	run, &(const struct tdx_row){ tdx_type, pages }

static const struct subtest subtests[] = {
	{ "tdx-page/boot", "private and shared pages hold what a TDX guest writes to them",
	  ROW(tdx_pages_boot) },
	{ "tdx-page/one", "a page that MapGPA converts changes hands, and is zero when accepted",
	  PAGES(tdx_pages_round_trip, 1) },
	{ "tdx-page/pieces", "a MapGPA of more than 2 MiB is an exit for each 2 MiB",
	  PAGES(tdx_pages_round_trip, TDX_PAGES) },
	{ "tdx-page/refused", "KVM refuses bad requests, and user space does not see them",
	  ROW(tdx_pages_refused) },
	{ "tdx-page/answers", "the guest gets user space's answer to MapGPA",
	  ROW(tdx_pages_answers) },
	{ "tdx-page/accept-shared", "ACCEPT of a shared page is one exit that says so",
	  ROW(tdx_pages_accept_shared) },
	{ "tdx-page/accept-twice", "a page is accepted once, and keeps what it holds",
	  ROW(tdx_pages_accept_twice) },
	{ "tdx-page/punch", "a page that was punched is zero, and has to be accepted again",
	  ROW(tdx_pages_punch) },
	{ "tdx-page/hole", "accesses to a hole are MMIO exits", ROW(tdx_pages_hole) },
};

TEST_PROGRAM("tdx_page_test", subtests)
