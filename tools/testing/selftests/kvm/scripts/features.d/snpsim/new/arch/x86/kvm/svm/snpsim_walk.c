// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the CPU does by hardware: walk KVM's nested page tables, look at the table of owners, and
 * walk the guest's own page tables for an instruction that names a virtual address.
 *
 * All of this runs between VMRUNs, with GIF clear: KVM frees a page table when each CPU has left
 * the guest, and this counts as being in it.
 */
#include "snpsim.h"

#define ENTRY_PRESENT	BIT_ULL(0)
#define ENTRY_WRITABLE	BIT_ULL(1)
#define ENTRY_ACCESSED	BIT_ULL(5)
#define ENTRY_DIRTY	BIT_ULL(6)
#define ENTRY_LARGE	BIT_ULL(7)
#define ENTRY_NX	BIT_ULL(63)
#define ENTRY_RESERVED	GENMASK_ULL(51, 48)	/* MMIO, to KVM */

static int levels(void)
{
	return pgtable_l5_enabled() ? 5 : 4;
}

static unsigned int slot(u64 address, int level)
{
	return address >> (PAGE_SHIFT + 9 * (level - 1)) & 511;
}

/* Does a leaf allow it?  If so, mark it accessed and dirty, as the CPU does. */
static bool use_leaf(u64 *leaf, u64 *entry, u64 access)
{
	do {
		u64 mark = ENTRY_ACCESSED | (access & PFERR_WRITE_MASK ? ENTRY_DIRTY : 0);

		if (!(*entry & ENTRY_PRESENT) ||
		    ((access & PFERR_WRITE_MASK) && !(*entry & ENTRY_WRITABLE)) ||
		    ((access & PFERR_FETCH_MASK) && (*entry & ENTRY_NX)))
			return false;
		if ((*entry & mark) == mark)
			return true;
		if (try_cmpxchg64(leaf, entry, *entry | mark)) {
			*entry |= mark;
			return true;
		}
	} while (1);
}

/**
 * snpsim_npt_walk() - translate by KVM's nested page tables
 * @svm: the vCPU
 * @gpa: without the C-bit
 * @access: PFERR_WRITE_MASK, PFERR_FETCH_MASK
 * @level: of the leaf
 * @npf: error code of the #NPF that is due, 0 if there is none
 *
 * Return: the leaf, or 0.
 */
u64 snpsim_npt_walk(struct vcpu_svm *svm, u64 gpa, u64 access, int *level, u64 *npf)
{
	u64 table = svm->vmcb->control.nested_cr3 & SNPSIM_ADDRESS, entry, *place;

	*npf = access | PFERR_USER_MASK;
	for (*level = levels(); ; (*level)--) {
		place = (u64 *)__va(table) + slot(gpa, *level);
		entry = READ_ONCE(*place);
		if (!(entry & ENTRY_PRESENT))
			return 0;
		if (*level == 1 || (entry & ENTRY_LARGE))
			break;
		table = entry & SNPSIM_ADDRESS;
	}
	if (entry & ENTRY_RESERVED) {
		*npf |= PFERR_PRESENT_MASK | PFERR_RSVD_MASK;
		return 0;
	}
	if (!use_leaf(place, &entry, access)) {
		*npf |= entry & ENTRY_PRESENT ? PFERR_PRESENT_MASK : 0;
		return 0;
	}
	*npf = 0;
	return entry;
}

static u64 leaf_pfn(u64 leaf, int level, u64 gpa)
{
	const u64 offset = BIT_ULL(PAGE_SHIFT + 9 * (level - 1)) - 1;

	return PHYS_PFN((leaf & SNPSIM_ADDRESS & ~offset) | (gpa & offset));
}

/**
 * snpsim_rmp_check() - may this guest use the page in this way?
 * @svm: the vCPU
 * @pfn: what the gpa is translated to
 * @gpa: with the C-bit, if the access has it
 * @vc: error code of the #VC that is due
 *
 * Return: bits of the #NPF's error code that is due instead, 0 if there is none.
 */
u64 snpsim_rmp_check(struct vcpu_svm *svm, u64 pfn, u64 gpa, u32 *vc)
{
	const u64 *place = snpsim_rmp_entry(pfn), entry = place ? READ_ONCE(*place) : 0;
	const u64 owner = RMP_ASSIGNED | RMP_OWNER(svm->vmcb->control.asid, gpa & SNPSIM_ADDRESS);

	*vc = 0;
	if (!(gpa & SNPSIM_C_MASK))
		return entry & RMP_ASSIGNED ? PFERR_PRESENT_MASK | PFERR_GUEST_RMP_MASK : 0;
	if ((entry & RMP_WHOSE) != owner || (entry & RMP_IMMUTABLE))
		return PFERR_PRESENT_MASK | PFERR_GUEST_RMP_MASK | PFERR_GUEST_ENC_MASK;
	if (!(entry & RMP_VALIDATED))
		*vc = 0x404;
	return 0;
}

/* Translate one guest physical address for the walker itself. */
static bool nested(struct vcpu_svm *svm, u64 gpa, u64 access, struct snpsim_walk *walk)
{
	const u64 clean = gpa & ~SNPSIM_C_MASK;
	int level;
	u64 leaf;

	walk->gpa = gpa;
	leaf = snpsim_npt_walk(svm, clean, access, &level, &walk->npf);
	if (walk->npf) {
		walk->npf |= gpa & SNPSIM_C_MASK ? PFERR_GUEST_ENC_MASK : 0;
		return false;
	}
	walk->pfn = leaf_pfn(leaf, level, clean);
	return true;
}

/**
 * snpsim_guest_walk() - translate a guest virtual address
 * @svm: the vCPU
 * @gva: the address
 * @access: PFERR_WRITE_MASK, PFERR_FETCH_MASK
 * @walk: where it leads
 *
 * Page tables of a guest are read as private memory, whatever their entries say.
 */
void snpsim_guest_walk(struct vcpu_svm *svm, u64 gva, u64 access, struct snpsim_walk *walk)
{
	const struct vmcb_save_area *save = &svm->vmcb->save;
	u64 entry = save->cr3, offset;
	int level = save->cr4 & X86_CR4_LA57 ? 5 : 4;

	*walk = (struct snpsim_walk){};
	for (; level; level--) {
		const u64 table = (entry & (SNPSIM_ADDRESS | SNPSIM_C_MASK)) | SNPSIM_C_MASK;

		if (!nested(svm, table + 8 * slot(gva, level), 0, walk))
			return;
		entry = READ_ONCE(*(u64 *)snpsim_window(PFN_PHYS(walk->pfn) +
							8 * slot(gva, level)));
		if (!(entry & ENTRY_PRESENT)) {
			walk->page_fault = true;
			return;
		}
		if (level > 1 && level < 4 && (entry & ENTRY_LARGE))
			break;
	}
	offset = BIT_ULL(PAGE_SHIFT + 9 * (max(level, 1) - 1)) - 1;
	nested(svm, (entry & (SNPSIM_ADDRESS | SNPSIM_C_MASK) & ~offset) | (gva & offset), access,
	       walk);
}
