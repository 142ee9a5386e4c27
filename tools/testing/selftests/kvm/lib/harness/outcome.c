// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "harness/outcome.h"

void outcome_fail(struct outcome *out, enum verdict_class cls, const char *text)
{
	out->result = REPORT_FAIL;
	out->cls = cls;
	snprintf(out->text, sizeof(out->text), "%s: %s", verdict_class_name(cls), text);
}

void outcome_of_known(struct outcome *out, const struct known_issue *known)
{
	if (known && (known->cls == out->cls || known->others >> out->cls & 1))
		out->result = REPORT_XFAIL;
}

void outcome_of_child(struct outcome *out, const struct verdict *v, int status,
			     const struct known_issue *known)
{
	char text[120];

	switch (v->state) {
	case VERDICT_DISTURBED:
	case VERDICT_FAILED:
		outcome_fail(out, v->cls, v->text);
		outcome_of_known(out, known);
		return;
	case VERDICT_SKIPPED:
		out->result = REPORT_SKIP;
		snprintf(out->text, sizeof(out->text), "%s", v->text);
		return;
	case VERDICT_DONE:
		break;
	default:
		snprintf(text, sizeof(text), WIFSIGNALED(status) ? "died of signal %d" :
			 "exited with code %d without a verdict",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		outcome_fail(out, VERDICT_CRASH, text);
		return;
	}
	if (v->race && !v->overlaps) {
		out->result = REPORT_SKIP;
		snprintf(out->text, sizeof(out->text), "not exercised: %llu attempts, no overlap",
			 (unsigned long long)v->attempts);
		return;
	}
	out->result = REPORT_PASS;
	if (v->race)
		snprintf(out->text, sizeof(out->text), "%llu attempts, %llu overlaps",
			 (unsigned long long)v->attempts, (unsigned long long)v->overlaps);
}

void outcome_append(struct outcome *out, const char *title, const char *text)
{
	size_t used = strlen(out->text);
	const char *gap = used && out->text[used - 1] != '\n' ? "\n" : "";

	snprintf(out->text + used, sizeof(out->text) - used, "%s%s\n%s", gap, title, text);
}

void outcome_of_klog(struct outcome *out, struct klog *k, const struct known_issue *known)
{
	enum klog_result result;
	char log[3000];
	const char *pattern = known && known->cls == VERDICT_KERNEL ? known->complaint : NULL;

	result = klog_check(k, pattern, log, sizeof(log));
	if (result == KLOG_CLEAN)
		return;
	out->klog = result == KLOG_COMPLAINT;
	if (out->result == REPORT_FAIL) {
		outcome_append(out, "and the kernel complained:", log);
	} else if (result == KLOG_COMPLAINT) {
		outcome_fail(out, VERDICT_KERNEL, log);
	} else if (out->result == REPORT_PASS) {
		log[strcspn(log, "\n")] = 0;
		outcome_append(out, "known:", log);
		out->result = REPORT_XFAIL;
	}
}

void outcome_of_certain(struct outcome *out, const struct known_issue *known)
{
	char text[200];

	if (!known || !known->certain || out->result != REPORT_PASS)
		return;
	snprintf(text, sizeof(text), "passed, and %s says that it cannot: fixed in this kernel?",
		 known->reference);
	outcome_fail(out, VERDICT_XPASS, text);
}

void outcome_of_accounting(struct outcome *out, const struct accounting *before)
{
	char text[400];

	if (out->result == REPORT_PASS && !accounting_check(before, text, sizeof(text)))
		outcome_fail(out, VERDICT_ACCOUNTING, text);
}
