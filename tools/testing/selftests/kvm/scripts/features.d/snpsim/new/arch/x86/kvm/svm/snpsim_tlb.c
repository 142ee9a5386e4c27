// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vCPU's TLB.  The emulated CPU has none that outlives VMRUN and knows no C-bit, so it walks
 * page tables of the model's instead of KVM's: they hold what was translated and checked since
 * the last flush, the private view of an address above the C-bit, the shared one below.  A
 * translation that KVM forgets to flush stays in use, as it does on hardware.
 */
#include <linux/slab.h>
#include "snpsim.h"

int snpsim_tlb_create(struct vcpu_svm *svm)
{
	struct snpsim_vcpu *v = kzalloc(sizeof(*v), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!v)
		return -ENOMEM;
	svm->sev_es.snpsim = v;
	v->used = 1;
	for (i = 0; i < SNPSIM_TABLES; i++) {
		v->table[i] = (u64 *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
		if (!v->table[i]) {
			snpsim_tlb_free(svm);
			return -ENOMEM;
		}
	}
	return 0;
}

void snpsim_tlb_free(struct vcpu_svm *svm)
{
	struct snpsim_vcpu *v = svm->sev_es.snpsim;
	unsigned int i;

	for (i = 0; v && i < SNPSIM_TABLES; i++)
		free_page((unsigned long)v->table[i]);
	kfree(v);
	svm->sev_es.snpsim = NULL;
}

void snpsim_tlb_flush(struct snpsim_vcpu *v)
{
	memset(v->table[0], 0, PAGE_SIZE);
	v->used = 1;
	v->flushes++;
}

static u64 *next_table(struct snpsim_vcpu *v, u64 *entry)
{
	u64 *table;

	if (*entry)
		return __va(*entry & SNPSIM_ADDRESS);
	table = v->table[v->used++];
	memset(table, 0, PAGE_SIZE);
	*entry = __pa(table) | _PAGE_TABLE;
	return table;
}

/**
 * snpsim_tlb_fill() - add a translation
 * @v: the vCPU's
 * @gpa: with the C-bit
 * @pfn: where it leads
 * @flags: of the leaf in page tables
 */
void snpsim_tlb_fill(struct snpsim_vcpu *v, u64 gpa, u64 pfn, u64 flags)
{
	u64 *table = v->table[0];
	int level;

	if (v->used + 4 > SNPSIM_TABLES)
		snpsim_tlb_flush(v);
	for (level = pgtable_l5_enabled() ? 5 : 4; level > 1; level--)
		table = next_table(v, &table[gpa >> (PAGE_SHIFT + 9 * (level - 1)) & 511]);
	table[gpa >> PAGE_SHIFT & 511] = PFN_PHYS(pfn) | flags;
	v->fills++;
}
