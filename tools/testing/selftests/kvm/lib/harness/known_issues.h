/* SPDX-License-Identifier: GPL-2.0-only */
/* Faults of released kernels that this suite has found and that are not fixed yet. */
#ifndef KNOWN_ISSUES_H
#define KNOWN_ISSUES_H

#include "harness/runner.h"

/* Faults that are mended, for struct subtest's @fixed where several sub-tests see one. */
#define MENDED_PRE_FAULT_SLOTS \
	"6.18: KVM: x86/mmu: Return -EAGAIN if userspace deletes/moves memslot during prefault"

/*
 * x86, two-dimensional paging: an access to a hole, while a memslot is created there, finds the
 * page that another vCPU has just mapped, and WARNs that it is not the one it looked up.
 */
extern const struct known_issue known_hole_warn;

/*
 * x86, software-protected VMs: a hole that was accessed once and then became private
 * memory ends in memory faults that say "shared", for ever.
 */
extern const struct known_issue known_hole_private;

/*
 * x86, ordinary VMs: pre-fault repeats itself for ever on page tables that the deletion of
 * any memslot has made obsolete, while the deletion waits for it.
 */
extern const struct known_issue known_pre_fault_hang;

/*
 * AMD: KVM takes an access to a hole for a part of an event's delivery, if the CPU leaves
 * the type of the last event behind in the VMCB.
 */
extern const struct known_issue known_false_vectoring;

/*
 * x86: an instruction that KVM emulates reads and writes the shared copy of a page, also while
 * the page is private.
 */
extern const struct known_issue known_emulated_private;

/*
 * x86, Xen: an event for a VM without shared_info, or a vCPU without vcpu_info, refreshes a
 * pfncache that was never activated, which WARNs.
 */
extern const struct known_issue known_gpc_never_active;

/*
 * x86, Xen: a vCPU that sleeps in SCHEDOP_poll does so inside of kvm->srcu, and every memslot
 * update waits for it.
 */
extern const struct known_issue known_poll_holds_srcu;

/*
 * x86, Xen: an event does not wake a vCPU that polls for it if another one of the same word is
 * pending already.
 */
extern const struct known_issue known_poll_not_woken;

/*
 * x86, Xen: the vCPU's timer takes, in an interrupt, a lock that sleeps on PREEMPT_RT.  lockdep
 * reports it once and turns itself off: it does not report anything that comes later.
 */
extern const struct known_issue known_timer_lock;

/* pfncache: a page that KVM writes to is not marked dirty, and reclaim may drop it. */
extern const struct known_issue known_gpc_clean;

/* x86, Xen: a gfn whose gpa does not fit 64 bits is accepted without its upper bits. */
extern const struct known_issue known_gfn_truncated;

/*
 * arm64, protected VMs: KVM accepts a memslot with guest_memfd and gives the guest the memory
 * at userspace_addr (known_pkvm_other); if that is a mapping of the file, KVM_RUN fails
 * (known_pkvm_mapped).
 */
extern const struct known_issue known_pkvm_other, known_pkvm_mapped;

/*
 * snp_launch_update() makes EIO of any error on the first page, a signal's EINTR among them.
 */
extern const struct known_issue known_launch_signal;

/*
 * SEV-ES, SNP: an MMIO SPTE survives the memslot in its place, and the CPU does not tell KVM.
 */
extern const struct known_issue known_hole_encrypted;

/*
 * x86: L1's nested page tables make KVM map the shared copy of the private pages beside the one
 * that L2 touched.
 */
extern const struct known_issue known_nested_private;

/*
 * x86: a page of the guest's that becomes a page table stays writable in the other address space,
 * if a vCPU has mapped it there before: what is stored to it by system management mode is not seen.
 */
extern const struct known_issue known_space_unprotected;

extern const struct known_issue known_space_unprotected_certain;	/* each time */

/*
 * KVM_RESET_DIRTY_RINGS forgets the pages that it has gathered when a signal ends it: what is
 * written to them is logged no more.
 */
extern const struct known_issue known_ring_signal;

/*
 * arm64: a VM with dirty rings and without their backup bitmap maps memslots that are logged as if
 * they were not: in large pieces, and writable by a read.
 */
extern const struct known_issue known_ring_untracked;


/*
 * x86, SNP, without the TDP MMU: beside a private page KVM maps the shared copies of its
 * neighbours, and the guest takes faults for ever when it uses one of them.
 */
extern const struct known_issue known_neighbours_shared;

/*
 * x86: a memslot goes and leaves page tables behind, in which a huge page was split; the thread
 * that recovers huge pages WARNs when it looks for the memslot.
 */
extern const struct known_issue known_nx_slot_gone;

/*
 * x86, SVM: with kvm.nx_huge_pages, and an L1 that has EFER.NX clear, KVM takes the bit that it
 * sets itself in its shadow of L1's nested tables for a reserved one.
 */
extern const struct known_issue known_nested_nx;

#endif /* KNOWN_ISSUES_H */
