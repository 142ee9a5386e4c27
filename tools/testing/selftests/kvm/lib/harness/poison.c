// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/poison.h"
#include "harness/text_file.h"
#include "harness/verdict.h"

#define UNPOISON	"/sys/kernel/debug/hwpoison/unpoison-pfn"

struct poison {
	void *page;
	int error;
};

/* The process that asks for it gets the signal that a machine check would bring. */
static void poison(void *arg)
{
	struct poison *p = arg;

	p->error = madvise(p->page, page_size(), MADV_HWPOISON) ? errno : 0;
}

void poison_require(void)
{
	if (access(UNPOISON, W_OK))
		verdict_skip("a page that is poisoned could not be given back: no " UNPOISON);
}

void poison_page(void *page)
{
	struct poison p = { page };

	guarded_call(poison, &p, NULL);
	/* EBUSY: it is lost, and its file still has it (has_extra_refcount()). */
	if (p.error && p.error != EBUSY)
		verdict_skip("MADV_HWPOISON of a guest_memfd's page: %s", strerror(p.error));
}

void poison_give_back(uint64_t address)
{
	char text[32];

	snprintf(text, sizeof(text), "%#llx", (unsigned long long)(address / page_size()));
	verdict_require(text_file_write(UNPOISON, text), UNPOISON);
}
