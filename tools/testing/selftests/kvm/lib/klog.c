// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "klog.h"
#include "privilege.h"

/* What the kernel's reports begin with (lib/bug.c, kernel/panic.c, mm/kasan, ...). */
static const char *const complaints[] = {
	"WARNING:", "BUG:", "kernel BUG at", "Oops", "general protection fault",
	"Internal error:", "Unable to handle kernel", "UBSAN:", "KASAN:", "KFENCE:",
	"KCSAN:", "INFO: possible", "INFO: task", "INFO: rcu", "rcu: INFO:",
	"INFO: trying to register non-static key", "possible recursive locking",
	"suspicious RCU usage", "list_add corruption", "list_del corruption",
	"refcount_t:", "unreferenced object", "Bad page", "soft lockup", "hard LOCKUP",
	"sleeping function called from invalid context", "nobody cared",
	"SPTE prefetch", "Kernel panic",
};

bool klog_complaint(const char *line)
{
	unsigned int i;

	for (i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		if (strstr(line, complaints[i]))
			return true;
	return false;
}

void klog_open(struct klog *k)
{
	const char *cap;

	k->fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	k->why_not[0] = 0;
	if (k->fd >= 0)
		return;
	cap = privilege_missing(CAP_SYSLOG);
	if (cap)
		snprintf(k->why_not, sizeof(k->why_not), "needs %s", cap);
	else
		snprintf(k->why_not, sizeof(k->why_not), "/dev/kmsg: %s", strerror(errno));
}

static void clear_warn_once(void)
{
	int fd = open("/sys/kernel/debug/clear_warn_once", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* Best effort: it only makes a second run as good as the first. */
	(void)!write(fd, "1", 1);
	close(fd);
}

void klog_mark(struct klog *k, const char *what)
{
	char line[200];
	int n;

	if (k->fd < 0)
		return;
	clear_warn_once();
	n = snprintf(line, sizeof(line), "kvm-gmem: %s\n", what);
	lseek(k->fd, 0, SEEK_END);
	/* For people who read the log. The position is what the check relies on. */
	(void)!write(k->fd, line, n);
}

/* One record is "prio,seq,time,flags;message\n key=value..."; cut out the message. */
static char *record_message(char *record)
{
	char *message = strchr(record, ';'), *end;

	if (!message)
		return record;
	end = strchr(++message, '\n');
	if (end)
		*end = 0;
	return message;
}

static void append_line(char *text, size_t size, const char *line)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? "\n" : "", line);
}

bool klog_check(struct klog *k, char *text, size_t size)
{
	enum { CONTEXT_LINES = 24 };
	int context = 0;
	bool found = false;
	char record[2048];
	ssize_t n;

	text[0] = 0;
	if (k->fd < 0)
		return false;
	for (;;) {
		char *message;

		n = read(k->fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;	/* records were overwritten: go on with what is left */
		if (n <= 0)
			return found;
		record[n] = 0;
		message = record_message(record);
		if (klog_complaint(message)) {
			found = true;
			context = context ? context : CONTEXT_LINES;
		}
		if (context > 0 && context--)
			append_line(text, size, message);
	}
}
