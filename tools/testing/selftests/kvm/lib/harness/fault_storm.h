/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU that takes the same fault again and again. */
#ifndef FAULT_STORM_H
#define FAULT_STORM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Faults that KVM took without fixing one, after which nobody waits for the next one to help. */
#define FAULT_STORM	100000u

/**
 * struct fault_storm - what KVM had counted when something moved last
 * @taken: faults that it took
 * @fixed: faults that it fixed
 */
struct fault_storm {
	uint64_t taken, fixed;
};

/**
 * fault_storm_rages() - do a process's vCPUs take faults in vain?
 * @pid: the process
 * @since: begun where something moved last; where KVM has fixed a fault since, it begins anew
 * @begin: something has just moved: begin anew
 *
 * KVM counts both for each VM (debugfs, kvm/PID-FD/pf_taken and pf_fixed, on x86 alone).  A count,
 * not a time: on a slow machine it only takes longer.
 *
 * Return: true if it took FAULT_STORM faults since, and fixed none.
 */
bool fault_storm_rages(pid_t pid, struct fault_storm *since, bool begin);

#endif /* FAULT_STORM_H */
