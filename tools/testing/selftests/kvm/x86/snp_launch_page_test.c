// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that are launched with an SNP guest: of which types, from where, and what becomes of a call
 * that does only part of them (arch/x86/kvm/svm/sev.c, snp_launch_update()).
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "aim/interrupter.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/x86/snp_bare.h"

#define GPA	SNP_BARE_GPA
#define PAGES	SNP_BARE_PAGES

/* An error of the firmware (include/uapi/linux/psp-sev.h). */
#define FIRMWARE_INVALID_PARAM	0x16u

static void run_update(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	const uint64_t from = (uintptr_t)b.from, gfn = GPA / 4096;
	const struct {
		const char *what;
		struct snp_update_args args;
		int due;
	} rows[] = {
		{ "no length", { gfn, from, 0, SNP_PAGE_NORMAL }, EINVAL },
		{ "a length that is not aligned", { gfn, from, 100, SNP_PAGE_NORMAL }, EINVAL },
		{ "type 0", { gfn, from, PAGE, 0 }, EINVAL },
		{ "the type of a VMSA", { gfn, from, PAGE, 2 }, EINVAL },
		{ "type 7", { gfn, from, PAGE, 7 }, EINVAL },
		{ "a flag", { gfn, from, PAGE, SNP_PAGE_NORMAL, .flags = 1 }, EINVAL },
		{ "no source", { gfn, 0, PAGE, SNP_PAGE_NORMAL }, EINVAL },
		{ "no source of secrets", { gfn, 0, PAGE, SNP_PAGE_SECRETS }, EINVAL },
		{ "a source that is not aligned", { gfn, from + 8, PAGE, SNP_PAGE_NORMAL },
		  EINVAL },
		{ "a source that is not mapped", { gfn, 4096, PAGE, SNP_PAGE_NORMAL }, EIO },
		{ "a source in the kernel", { gfn, 1ull << 63, PAGE, SNP_PAGE_NORMAL }, EIO },
		{ "a guest address outside of all memslots", { 1, from, PAGE, SNP_PAGE_NORMAL },
		  EINVAL },
		{ "zeroes, without a source", { gfn + 8, 0, PAGE, SNP_PAGE_ZERO }, 0 },
		{ "zeroes, with a source that is not aligned", { gfn + 9, 7, PAGE, SNP_PAGE_ZERO },
		  0 },
		{ "secrets", { gfn + 10, from, PAGE, SNP_PAGE_SECRETS }, 0 },
		{ "unmeasured", { gfn + 11, from, PAGE, SNP_PAGE_UNMEASURED }, 0 },
		{ "a page that was launched", { gfn + 11, from, PAGE, SNP_PAGE_NORMAL }, EIO },
	};
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct snp_update_args args = rows[i].args;

		verdict_errno(rows[i].what, __snp_command(b.vm, SNP_LAUNCH_UPDATE, &args, NULL),
			      rows[i].due);
		if (!rows[i].due && args.len)
			verdict_fail(VERDICT_ABI, "%s: %llu bytes are left", rows[i].what,
				     (unsigned long long)args.len);
		if (rows[i].due && memcmp(&args, &rows[i].args, sizeof(args)))
			verdict_fail(VERDICT_ABI, "%s: refused, but the arguments have changed",
				     rows[i].what);
	}
	snp_bare_close(&b);
	snp_bare_left();
}

/* Pages that are shared, or whose memslot has no guest_memfd, are none of the guest's own. */
static void run_shared(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	struct memslot plain = { .id = 2, .gpa = GPA + (1ull << 30), .size = PAGE, .hva = b.from };

	(void)run;
	attributes_set(b.vm, GPA + PAGE, PAGE, 0);
	verdict_errno("UPDATE of a shared page",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA + PAGE, PAGE, b.from, NULL), EIO);
	memslot_set(b.vm, &plain);
	verdict_errno("UPDATE of a memslot without a guest_memfd",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, plain.gpa, PAGE, b.from, NULL), EINVAL);
	gmem_allocate(b.slot.gmem, 0, PAGE);
	verdict_errno("UPDATE of a page that was allocated before",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGE, b.from, NULL), 0);
	attributes_set(b.vm, GPA + PAGE, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	verdict_errno("UPDATE of a page that is private again",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA + PAGE, PAGE, b.from, NULL), 0);
	memslot_delete(b.vm, &plain);
	snp_bare_close(&b);
	snp_bare_left();
}

/* Progress is reported, the error that ended it comes with the next call. */
static void run_partial(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	const uint64_t gfn = GPA / 4096, from = (uintptr_t)b.from;
	struct snp_update_args args = { gfn, from, 4 * PAGE, SNP_PAGE_NORMAL };

	(void)run;
	verdict_errno("UPDATE of the third page",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA + 2 * PAGE, PAGE, b.from, NULL), 0);
	verdict_errno("UPDATE of four, up to that one",
		      __snp_command(b.vm, SNP_LAUNCH_UPDATE, &args, NULL), 0);
	if (args.gfn_start != gfn + 2 || args.uaddr != from + 2 * PAGE || args.len != 2 * PAGE)
		verdict_fail(VERDICT_ABI, "two of four pages: gfn +%llu, source +%#llx, %#llx left",
			     args.gfn_start - gfn, args.uaddr - from, args.len);
	verdict_errno("the rest", __snp_command(b.vm, SNP_LAUNCH_UPDATE, &args, NULL), EIO);
	/* The memslot ends before the range. */
	args = (struct snp_update_args){ gfn + PAGES - 1, from, 2 * PAGE, SNP_PAGE_NORMAL };
	verdict_errno("UPDATE beyond the memslot",
		      __snp_command(b.vm, SNP_LAUNCH_UPDATE, &args, NULL), 0);
	if (args.len != PAGE)
		verdict_fail(VERDICT_ABI, "UPDATE beyond the memslot: %#llx left, expected a page",
			     args.len);
	verdict_errno("what is beyond", __snp_command(b.vm, SNP_LAUNCH_UPDATE, &args, NULL),
		      EINVAL);
	snp_bare_close(&b);
	snp_bare_left();
}

/* The table of CPUID values: {count, 0, 0}, then entries (56860, 8.14.2.6). */
struct cpuid_table {
	uint32_t count, reserved0;
	uint64_t reserved1;
	struct {
		uint32_t eax_in, ecx_in;
		uint64_t xcr0, xss;
		uint32_t eax, ebx, ecx, edx;
		uint64_t reserved;
	} entry[64];
};

static void cpuid_fill(struct snp_bare *b, uint32_t c_bit)
{
	struct cpuid_table *table = (void *)b->from;

	memset(table, 0, PAGE);
	table->count = 1;
	table->entry[0].eax_in = 0x8000001f;
	table->entry[0].ebx = c_bit;
}

/* A wrong table comes back corrected, and a second try with it succeeds. */
static void run_cpuid(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	const struct cpuid_table *table = (void *)b.from;
	uint32_t firmware;

	(void)run;
	cpuid_fill(&b, snp_c_bit() - 1);
	verdict_errno("a table with another C-bit",
		      __snp_update(b.vm, SNP_PAGE_CPUID, GPA, PAGE, b.from, &firmware), EIO);
	if (firmware != FIRMWARE_INVALID_PARAM)
		verdict_fail(VERDICT_ABI, "wrong CPUID table: firmware error %#x, expected %#x",
			     firmware, FIRMWARE_INVALID_PARAM);
	if (table->entry[0].ebx != snp_c_bit())
		verdict_fail(VERDICT_ABI, "the table was not corrected: C-bit %u, the machine's %u",
			     table->entry[0].ebx, snp_c_bit());
	verdict_errno("the corrected table",
		      __snp_update(b.vm, SNP_PAGE_CPUID, GPA, PAGE, b.from, NULL), 0);
	snp_bare_close(&b);
	snp_bare_left();
}

/* Who may not write to the source gets no correction, and nobody else's page one. */
static void run_read_only(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	const struct cpuid_table *table = (void *)b.from;

	(void)run;
	cpuid_fill(&b, snp_c_bit() - 1);
	verdict_require(!mprotect(b.from, PAGE, PROT_READ), "mprotect");
	verdict_errno("a wrong table in memory that is read-only",
		      __snp_update(b.vm, SNP_PAGE_CPUID, GPA, PAGE, b.from, NULL), EIO);
	if (table->entry[0].ebx != snp_c_bit() - 1)
		verdict_fail(VERDICT_PERMISSION, "a page that is mapped read-only was written to");
	verdict_errno("a normal page from memory that is read-only",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGE, b.from, NULL), 0);
	snp_bare_close(&b);
	snp_bare_left();
}

/* The source is a guest_memfd, of a VM whose files can be mapped: two of its locks are taken. */
static void run_source_gmem(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	struct vm *other = vm_create_bare(vm_default);
	void *source;
	int fd;

	(void)run;
	gmem_require(other, GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED);
	fd = gmem_create(other, PAGES * PAGE, GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED);
	source = gmem_map(fd, 0, PAGES * PAGE);
	verdict_errno("UPDATE from pages of a guest_memfd that were never touched",
		      __snp_update(b.vm, SNP_PAGE_NORMAL, GPA, PAGES * PAGE, source, NULL), 0);
	munmap(source, PAGES * PAGE);
	close(fd);
	vm_destroy(other);
	snp_bare_close(&b);
	snp_bare_left();
}

/* Launch all pages, each call going on where a signal ended the one before. */
static uint64_t launch_interrupted(struct snp_bare *b)
{
	struct snp_update_args args = {
		GPA / 4096, (uintptr_t)b->from, PAGES * PAGE, SNP_PAGE_NORMAL,
	};
	uint64_t interrupted = 0;

	while (args.len) {
		const struct snp_update_args before = args;
		uint32_t firmware = 0;
		int r = __snp_command(b->vm, SNP_LAUNCH_UPDATE, &args, &firmware);

		if (r && r != -EINTR) {
			r = __snp_command(b->vm, SNP_LAUNCH_UPDATE, &args, &firmware);
			verdict_fail(VERDICT_ABI,
				     "a signal before the first page: EIO, firmware error %#x, expected EINTR; the next call %s",
				     firmware, r ? "fails, too" : "succeeds");
		}
		if (r && memcmp(&args, &before, sizeof(args)))
			verdict_fail(VERDICT_ABI, "interrupted, and the arguments have changed");
		interrupted += r || args.len;
	}
	return interrupted;
}

/* Signals end UPDATE between two pages, with success, or before the first one. */
static void run_signal(const struct run *run)
{
	struct snp_bare b = snp_bare_open(SNP_STARTED);
	struct interrupter *interrupter = interrupter_start();
	uint64_t i, interrupted = 0;

	for (i = 0; i < run->iterations; i++) {
		interrupted += launch_interrupted(&b);
		gmem_punch(b.slot.gmem, 0, PAGES * PAGE);
	}
	interrupter_stop(interrupter);
	verdict_exercised(run->iterations, interrupted);
	snp_bare_close(&b);
	snp_bare_left();
}

static const struct subtest subtests[] = {
	{ "snp-launch-page/update", "pages are launched by type, aligned, from where they can be read",
	  run_update },
	{ "snp-launch-page/shared", "shared pages and memslots without guest_memfd are not launched",
	  run_shared },
	{ "snp-launch-page/partial", "progress is reported before the error that ended it",
	  run_partial },
	{ "snp-launch-page/cpuid", "a wrong table of CPUID values comes back corrected",
	  run_cpuid },
	{ "snp-launch-page/read-only", "a source that is mapped read-only is read and not written",
	  run_read_only },
	{ "snp-launch-page/source-gmem", "pages are launched from another VM's guest_memfd",
	  run_source_gmem },
	{ "snp-launch-page/signal", "a signal ends a launch between two pages, or before the first one",
	  run_signal, NULL, &known_launch_signal },
};

TEST_PROGRAM("snp_launch_page_test", subtests)
