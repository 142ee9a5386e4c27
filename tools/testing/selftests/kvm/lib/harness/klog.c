// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/klog.h"
#include "harness/privilege.h"
#include "harness/text_file.h"

/* The kernel's reports begin with one of these (lib/bug.c, kernel/panic.c, mm/kasan, ...). */
static const char *const complaints[] = {
	"WARNING:", "BUG:", "kernel BUG at", "Oops", "general protection fault",
	"Internal error:", "Unable to handle kernel", "UBSAN:", "KASAN:", "KFENCE:",
	"INFO: possible", "INFO: task", "INFO: rcu", "rcu: INFO:",
	"INFO: trying to register non-static key", "possible recursive locking",
	"suspicious RCU usage", "list_add corruption", "list_del corruption",
	"refcount_t:", "unreferenced object", "Bad page", "soft lockup", "hard LOCKUP",
	"sleeping function called from invalid context", "nobody cared",
	"ODEBUG:", "new suspected memory leaks", "Kernel panic",
};

bool klog_complaint(const char *line)
{
	unsigned int i;

	/* Many data races are known and meant: the run lists them and does not judge. */
	if (strstr(line, "KCSAN:"))
		return false;
	for (i = 0; i < ARRAY_SIZE(complaints); i++) {
		const char *at = strstr(line, complaints[i]);

		/* At the start of a word: "DEBUG:" is no "BUG:". */
		if (at && (at == line || !isalnum((unsigned char)at[-1])))
			return true;
	}
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

void klog_mark(struct klog *k, const char *what)
{
	char line[200];
	int n;

	if (k->fd < 0)
		return;
	/* Best effort: it only makes a second run as good as the first. */
	text_file_write("/sys/kernel/debug/clear_warn_once", "1");
	n = snprintf(line, sizeof(line), "kvm-gmem: %s\n", what);
	lseek(k->fd, 0, SEEK_END);
	/* The line is for people who read the log; the check relies on the position. */
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

enum { CONTEXT_LINES = 24 };

struct search {
	const char *known;
	enum klog_result result;
	int context;		/* lines of the current report still to be kept */
	char *text;
	size_t size;
};

/*
 * A report has many lines, some of which look like the beginning of another one.  While a
 * report goes on, only a line that begins with "WARNING:" or "BUG:" begins a new one.
 */
static bool search_begins(const struct search *s, const char *line)
{
	if (!klog_complaint(line))
		return false;
	return !s->context || !strncmp(line, "WARNING:", 8) || !strncmp(line, "BUG:", 4);
}

/*
 * Kernels before 7.0 put CPU and process of a WARN before its place, and "at" between them (the
 * same place after it: lib/bug.c).  Patterns are about the newer form.
 */
static void newer_form(const char *line, char *text, size_t size)
{
	const char *at = strncmp(line, "WARNING: CPU: ", 14) ? NULL : strstr(line, " at ");
	const char *function = at ? strchr(at + 4, ' ') : NULL;

	if (function)
		snprintf(text, size, "WARNING: %.*s at%s", (int)(function - at - 4), at + 4,
			 function);
	else
		snprintf(text, size, "%s", line);
}

static bool is_known(const struct search *s, const char *line)
{
	char text[2200];

	newer_form(line, text, sizeof(text));
	return s->known && !fnmatch(s->known, text, FNM_EXTMATCH);
}

static void search_line(struct search *s, const char *line)
{
	if (search_begins(s, line)) {
		bool known = is_known(s, line);

		if (s->result == KLOG_CLEAN || (s->result == KLOG_KNOWN && !known)) {
			s->result = known ? KLOG_KNOWN : KLOG_COMPLAINT;
			s->text[0] = 0;
			s->context = CONTEXT_LINES;
		}
	}
	if (!s->context)
		return;
	s->context--;
	append_line(s->text, s->size, line);
	if (strstr(line, "end trace"))
		s->context = 0;
}

enum klog_result klog_check(struct klog *k, const char *known, char *text, size_t size)
{
	struct search s = { .known = known, .text = text, .size = size };
	char record[2048];
	ssize_t n;

	text[0] = 0;
	if (k->fd < 0)
		return KLOG_CLEAN;
	for (;;) {
		n = read(k->fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;	/* records were overwritten: go on with what is left */
		if (n <= 0)
			return s.result;
		record[n] = 0;
		search_line(&s, record_message(record));
	}
}

bool klog_copy(FILE *file)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	char record[2048];
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 || errno == EPIPE || errno == EINTR) {
		if (n <= 0)
			continue;
		record[n] = 0;
		fprintf(file, "%s\n", record_message(record));
	}
	close(fd);
	return true;
}
