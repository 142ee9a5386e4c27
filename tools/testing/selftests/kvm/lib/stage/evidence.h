/* SPDX-License-Identifier: GPL-2.0-only */
/* What is left of a fault: a directory by which it can be studied and repeated. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "stage/stage.h"

/**
 * evidence_keep() - write the directory of a fault
 * @s: the stage where it showed, its actors as they are
 * @cls: the class
 * @text: the verdict
 * @run: const struct run * of the sub-test
 *
 * A stage_failed_fn.  The directory lies in $KVM_GMEM_OUT, or else in kvm-gmem-out, and
 * carries the id of the sub-test, the seed and the round:
 *
 *	report		class, verdict, registers of the vCPUs that are not running
 *	plan		what every actor did in this round, for --replay
 *	history		its events around the witness, see history_text.h
 *	kernel.log	all that the kernel log holds
 *	versions	kernel, command line, KVM's modules and their parameters
 *	command		how to run it again
 *
 * It appears complete or not at all; if it cannot be written, that is said, and the
 * verdict stands.
 */
void evidence_keep(const struct stage *s, enum verdict_class cls, const char *text, void *run);

#endif /* EVIDENCE_H */
