// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of owners (RMP): RMPUPDATE, PSMASH and RMPREAD, as far as KVM uses them.
 *
 * It is strict.  A page that is assigned is taken out of the direct map, so that the host cannot
 * touch it by mistake; assigned twice, or while user space maps it, is a WARN.  The hardware is
 * reached by a second mapping of all memory, the window.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/snpsim_direct_map.h>
#include <linux/vmalloc.h>
#include "snpsim.h"

#define RMPUPDATE_FAIL_PERMISSION	2
#define RMPUPDATE_FAIL_INUSE		3

#define WINDOW_PAGES	(1u << 15)

static u64 *rmp;
static u64 rmp_pages;
static void **window;	/* mappings of WINDOW_PAGES each: vmap() takes no more than there is */
static atomic64_t generation;

/* What RMPUPDATE reads, and its result, are under this lock; the CPUs' own updates are atomic. */
static DEFINE_MUTEX(rmp_lock);

static unsigned int windows(void)
{
	return DIV_ROUND_UP(rmp_pages, WINDOW_PAGES);
}

static void *map_window(unsigned int number, struct page **pages)
{
	u64 i;

	for (i = 0; i < WINDOW_PAGES; i++) {
		const u64 pfn = (u64)number * WINDOW_PAGES + i;

		pages[i] = pfn_valid(pfn) ? pfn_to_page(pfn) : ZERO_PAGE(0);
	}
	return vmap(pages, WINDOW_PAGES, VM_MAP, PAGE_KERNEL);
}

static void release(void)
{
	unsigned int i;

	for (i = 0; window && i < windows(); i++)
		vunmap(window[i]);
	kvfree(window);
	vfree(rmp);
	rmp = NULL;
	window = NULL;
}

int snpsim_rmp_init(void)
{
	struct page **pages;
	unsigned int i;

	rmp_pages = PFN_UP((u64)virt_to_phys(high_memory - 1) + 1);
	rmp = vzalloc(rmp_pages * sizeof(*rmp));
	window = kvcalloc(windows(), sizeof(*window), GFP_KERNEL);
	pages = kvmalloc_array(WINDOW_PAGES, sizeof(*pages), GFP_KERNEL);
	for (i = 0; rmp && window && pages && i < windows(); i++) {
		window[i] = map_window(i, pages);
		if (!window[i])
			break;
	}
	kvfree(pages);
	if (rmp && window && pages && i == windows())
		return 0;
	release();
	return -ENOMEM;
}

void snpsim_rmp_exit(void)
{
	u64 pfn, left = 0;

	for (pfn = 0; rmp && pfn < rmp_pages; pfn++)
		left += !!(rmp[pfn] & RMP_ASSIGNED);
	WARN(left, "snpsim: %llu pages stay assigned when the machine goes", left);
	release();
}

/* NULL: no memory of the machine's. */
u64 *snpsim_rmp_entry(u64 pfn)
{
	return rmp && pfn < rmp_pages && pfn_valid(pfn) ? &rmp[pfn] : NULL;
}

u64 snpsim_rmp_generation(void)
{
	return atomic64_read(&generation);
}

/* Translations that were made before this are not used any more. */
void snpsim_rmp_changed(void)
{
	atomic64_inc(&generation);
}

void *snpsim_window(u64 paddr)
{
	const u64 pfn = PHYS_PFN(paddr);

	return window[pfn / WINDOW_PAGES] + PFN_PHYS(pfn % WINDOW_PAGES) + offset_in_page(paddr);
}

/* Pages of a guest's; of all guests if @asid is 0. */
unsigned int snpsim_rmp_count(u32 asid)
{
	unsigned int count = 0;
	u64 pfn;

	for (pfn = 0; rmp && pfn < rmp_pages; pfn++) {
		u64 entry = READ_ONCE(rmp[pfn]);
		u32 owner = FIELD_GET(RMP_ASID, entry);

		count += (entry & RMP_ASSIGNED) && owner && (!asid || owner == asid);
	}
	return count;
}

int snpsim_rmp_lookup(u64 pfn, bool *assigned, int *level)
{
	u64 *entry = snpsim_rmp_entry(pfn);

	if (!entry)
		return -ENOENT;
	*assigned = *entry & RMP_ASSIGNED;
	*level = *entry & RMP_2M ? PG_LEVEL_2M : PG_LEVEL_4K;
	return 0;
}

static void nothing(void *unused)
{
}

/*
 * RMPUPDATE of one page of 4K.  The hardware drops translations that it has made of the entry:
 * each CPU that is in a guest leaves it, and finds that the table has changed.
 */
static int update(u64 pfn, u64 new)
{
	u64 *entry = snpsim_rmp_entry(pfn), old;
	int r = 0;

	if (!entry)
		return -ENXIO;
	mutex_lock(&rmp_lock);
	old = READ_ONCE(*entry);
	do {
		if (old & RMP_BUSY)
			r = RMPUPDATE_FAIL_INUSE;
		else if ((old & RMP_IMMUTABLE) && !(new & RMP_IMMUTABLE))
			r = RMPUPDATE_FAIL_PERMISSION;
	} while (!r && !try_cmpxchg64(entry, &old, new));
	if (!r) {
		snpsim_rmp_changed();
		on_each_cpu(nothing, NULL, 1);
		/* The firmware's own pages are read by the host. */
		if ((old ^ new) & RMP_ASSIGNED && ((old | new) & RMP_ASID))
			WARN_ON(snpsim_direct_map(pfn_to_page(pfn), !(new & RMP_ASSIGNED)));
	}
	mutex_unlock(&rmp_lock);
	return r;
}

static u64 entry_value(u64 pfn)
{
	const u64 *entry = snpsim_rmp_entry(pfn);

	return entry ? *entry : 0;
}

static int update_all(u64 pfn, u64 new, enum pg_level level)
{
	const u64 pages = level == PG_LEVEL_2M ? PTRS_PER_PMD : 1;
	u64 i;
	int r;

	if (WARN(!IS_ALIGNED(pfn, pages), "snpsim: RMPUPDATE of 2M at pfn %#llx", pfn))
		return -EINVAL;
	for (i = 0; i < pages; i++) {
		u64 next = new & RMP_ASSIGNED ? new + (i << RMP_GFN_SHIFT) : 0;

		r = update(pfn + i, next | (new && pages > 1 ? RMP_2M : 0));
		if (r) {
			pr_err("snpsim: RMPUPDATE of pfn %#llx, entry %#llx: failed, %d\n",
			       pfn + i, entry_value(pfn + i), r);
			return -EFAULT;
		}
	}
	return 0;
}

int snpsim_rmp_make_private(u64 pfn, u64 gpa, enum pg_level level, u32 asid, bool immutable)
{
	const u64 *entry = snpsim_rmp_entry(pfn);

	WARN(entry && (*entry & RMP_ASSIGNED),
	     "snpsim: pfn %#llx is assigned already, entry %#llx; now gpa %#llx, ASID %u", pfn,
	     *entry, gpa, asid);
	WARN(entry && folio_mapped(page_folio(pfn_to_page(pfn))),
	     "snpsim: pfn %#llx is assigned while user space maps it", pfn);
	return update_all(pfn, RMP_ASSIGNED | RMP_OWNER(asid, gpa) |
			  (immutable ? RMP_IMMUTABLE : 0), level);
}

int snpsim_rmp_make_shared(u64 pfn, enum pg_level level)
{
	return update_all(pfn, 0, level);
}

/* KVM assigns single pages, so that there is nothing to split. */
int snpsim_psmash(u64 pfn)
{
	u64 i;

	for (i = 0; i < PTRS_PER_PMD; i++) {
		u64 *entry = snpsim_rmp_entry(pfn + i);

		if (!entry || !(*entry & RMP_2M))
			return SNPSIM_FAIL_INPUT;
		WRITE_ONCE(*entry, *entry & ~RMP_2M);
	}
	snpsim_rmp_changed();
	on_each_cpu(nothing, NULL, 1);
	return 0;
}

void snpsim_leak_pages(u64 pfn, unsigned int npages)
{
	WARN(1, "snpsim: %u pages at pfn %#llx are lost for ever", npages, pfn);
	for (; npages; npages--, pfn++)
		get_page(pfn_to_page(pfn));
}
