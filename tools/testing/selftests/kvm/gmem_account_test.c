// SPDX-License-Identifier: GPL-2.0-only
/* What a guest_memfd takes it gives back. */
#include <sys/sysinfo.h>
#include <unistd.h>
#include "abi/token.h"
#include "harness/runner.h"
#include "machine/gmem.h"
#include "memory/memory.h"

static uint64_t free_bytes(void)
{
	struct sysinfo info;

	verdict_require(!sysinfo(&info), "sysinfo");
	return (uint64_t)info.freeram * info.mem_unit;
}

/*
 * Pages that come and go must come back.  Other users of memory make the figure fuzzy,
 * so it is judged by half of what a leak of every page would cost.
 */
static void run_return(const struct run *run)
{
	const uint64_t size = 8192 * (uint64_t)TOKEN_PAGE_SIZE, rounds = 4;
	const enum memory_kind kind = vm_type_private() ? MEMORY_PRIVATE : MEMORY_SHARED;
	struct vm *vm = vm_create_bare(memory_vm_type(kind));
	uint64_t before, after, i;
	int gmem;

	(void)run;
	gmem_require(vm, memory_gmem_flags(kind));
	gmem = gmem_create(vm, size, memory_gmem_flags(kind));
	gmem_allocate(gmem, 0, size);
	gmem_punch(gmem, 0, size);
	before = free_bytes();
	for (i = 0; i < rounds; i++) {
		gmem_allocate(gmem, 0, size);
		gmem_punch(gmem, 0, size);
		verdict_progress();
	}
	after = free_bytes();
	if (after + rounds * size / 2 < before)
		verdict_fail(VERDICT_ACCOUNTING,
			     "%llu times %llu MiB allocated and punched: %llu MiB less memory is free",
			     (unsigned long long)rounds, (unsigned long long)size >> 20,
			     (unsigned long long)(before - after) >> 20);
	close(gmem);
	vm_destroy(vm);
}

static const struct subtest subtests[] = {
	{ "account/punch", "memory that is allocated and punched is free again", run_return },
};

TEST_PROGRAM("gmem_account_test", subtests)
