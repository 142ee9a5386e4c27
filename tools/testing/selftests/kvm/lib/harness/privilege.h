/* SPDX-License-Identifier: GPL-2.0-only */
/* What this process may do, by capability (libcap), so that a skip can name what is missing. */
#ifndef PRIVILEGE_H
#define PRIVILEGE_H

#include <stdbool.h>

/**
 * privilege_missing() - is a capability absent from the effective set?
 * @cap: CAP_SYSLOG, ... (linux/capability.h)
 *
 * Return: NULL if the process has it, else its name, e.g. "cap_syslog".
 */
const char *privilege_missing(int cap);

#endif /* PRIVILEGE_H */
