/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel log as part of the verdict: any complaint of the kernel between klog_mark()
 * and klog_check() fails the sub-test, however well its data came out.
 *
 * klog_mark() also resets WARN_ON_ONCE() and friends (debugfs clear_warn_once,
 * Documentation/admin-guide/clearing-warn-once.rst), so that a second run on the same
 * kernel sees what the first one saw.
 */
#ifndef KLOG_H
#define KLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct klog {
	int fd;			/* /dev/kmsg, or -1 */
	char why_not[128];	/* if fd is -1: what is missing */
};

/**
 * klog_open() - open the log
 * @k: filled in; if the log may not be read, it says which capability is missing
 *
 * /dev/kmsg is root's to write (drivers/char/mem.c: 0644), and CAP_SYSLOG's to read where the
 * sysctl kernel.dmesg_restrict is set (check_syslog_permissions() in kernel/printk/printk.c).
 */
void klog_open(struct klog *k);

/**
 * klog_mark() - skip what is in the log already
 * @k: the log; nothing is done if it could not be opened
 * @what: for a line that is left in the log, for people who read it
 */
void klog_mark(struct klog *k, const char *what);

enum klog_result { KLOG_CLEAN, KLOG_KNOWN, KLOG_COMPLAINT };

/**
 * klog_check() - look for complaints since the mark
 * @k: an open log, or one that could not be opened
 * @known: fnmatch pattern (FNM_EXTMATCH) of complaints that are known, or NULL
 * @text: filled with the first complaint that is not known, else with the first one that
 *        is, and with the lines that belong to it
 * @size: bytes at @text
 *
 * Return: whether the kernel complained at all, and of anything but @known.
 */
enum klog_result klog_check(struct klog *k, const char *known, char *text, size_t size);

/**
 * klog_copy() - write all that the kernel log holds
 * @file: where to, a message per line
 *
 * Return: false if the log may not be read.
 */
bool klog_copy(FILE *file);

/**
 * klog_complaint() - does one line of the log report a fault?
 * @line: message without prefix
 *
 * Return: true for BUG, WARNING, Oops, lockdep, KASAN, UBSAN, stalls, hung tasks and bad
 * page states; not for KCSAN, whose reports are listed by the run as a whole.
 */
bool klog_complaint(const char *line);

#endif /* KLOG_H */
