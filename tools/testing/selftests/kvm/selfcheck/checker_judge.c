// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge a history in text form and print what is wrong with it.
 *
 *	checker_judge [--echo] FILE
 *
 * --echo: print the history again instead, as history_print() does.
 * Exit code: 0 no anomaly, 1 an anomaly, 2 the file makes no sense.
 */
#include <stdlib.h>
#include <string.h>
#include "harness/text_line.h"
#include "oracle/history_text.h"

struct judge {
	const char *path;
	unsigned int line;
	bool echo;
	struct checker_config config;
	struct checker *checker;
	struct event *event;
	unsigned int count, room;
	unsigned int found;
};

static void refuse(const struct judge *j, const char *why)
{
	fprintf(stderr, "%s:%u: %s\n", j->path, j->line, why);
	exit(2);
}

static void event_add(struct judge *j, const struct event *e)
{
	if (j->count == j->room) {
		j->room = 2 * j->room + 64;
		j->event = realloc(j->event, j->room * sizeof(*e));
		if (!j->event)
			refuse(j, "out of memory");
	}
	j->event[j->count++] = *e;
}

/* By actor, each in order of begin; the two events of an exchange in order of kind. */
static int event_compare(const void *x, const void *y)
{
	const struct event *a = x, *b = y;

	if (a->actor != b->actor)
		return a->actor < b->actor ? -1 : 1;
	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	return a->kind - b->kind;
}

static struct history_log *log_of(struct judge *j, unsigned int first, unsigned int n)
{
	struct history_log *log = malloc(history_log_size(n));
	unsigned int i;

	if (!log)
		refuse(j, "out of memory");
	history_log_init(log, j->event[first].actor, n);
	for (i = 0; i < n; i++)
		history_log_append(log, &j->event[first + i]);
	return log;
}

static void window_print(struct judge *j, struct history_log **log, unsigned int logs)
{
	char text[ANOMALY_TEXT];
	unsigned int i;
	int n;

	if (j->echo) {
		history_print(stdout, (const struct history_log *const *)log, logs, j->config.vm,
			      0, UINT64_MAX);
		return;
	}
	for (i = 0; i < logs; i++)
		if (!checker_add_log(j->checker, log[i]))
			refuse(j, checker_error(j->checker));
	n = checker_run(j->checker);
	j->found += n;
	for (i = 0; checker_anomaly(j->checker, i); i++) {
		anomaly_describe(checker_anomaly(j->checker, i), text, sizeof(text));
		puts(text);
	}
}

/* Judge what came since the last barrier. */
static void window_judge(struct judge *j)
{
	struct history_log *log[256];
	unsigned int i, n, logs = 0;

	qsort(j->event, j->count, sizeof(*j->event), event_compare);
	for (i = 0; i < j->count; i += n) {
		for (n = 1; i + n < j->count && j->event[i + n].actor == j->event[i].actor; n++)
			;
		log[logs++] = log_of(j, i, n);
	}
	window_print(j, log, logs);
	j->count = 0;
	while (logs)
		free(log[--logs]);
}

static void line_judge(struct judge *j, char *line)
{
	struct event event[2];
	char error[200];

	switch (history_parse(line, j->config.vm, event, error, sizeof(error))) {
	case HISTORY_BAD:
		refuse(j, error);
		break;
	case HISTORY_EXCHANGE:
		event_add(j, &event[0]);
		event_add(j, &event[1]);
		break;
	case HISTORY_EVENT:
		event_add(j, &event[0]);
		break;
	case HISTORY_BARRIER:
		window_judge(j);
		if (j->echo)
			puts("barrier");
		break;
	case HISTORY_EMPTY:
		break;
	}
}

/* Comments may come before the first line. */
static bool is_comment(const char *line)
{
	return line[strspn(line, " \t\n")] == '#' || !line[strspn(line, " \t\n")];
}

static void file_judge(struct judge *j, FILE *file)
{
	static char line[1 << 16];
	char error[200];
	int got;

	while ((got = text_line_read(file, line, sizeof(line), error, sizeof(error)))) {
		j->line++;
		if (got < 0)
			refuse(j, error);
		if (is_comment(line))
			continue;
		if (j->checker) {
			line_judge(j, line);
			continue;
		}
		if (!history_parse_head(line, &j->config, error, sizeof(error)))
			refuse(j, error);
		j->checker = checker_create(&j->config);
		if (j->echo)
			history_print_head(stdout, &j->config);
	}
	if (!j->checker)
		refuse(j, "nothing in it: expected history, the first line");
	window_judge(j);
}

int main(int argc, char **argv)
{
	struct judge j = {
		.path = argv[argc - 1],
		.echo = argc == 3 && !strcmp(argv[1], "--echo"),
	};
	FILE *file = argc == 2 || j.echo ? fopen(j.path, "re") : NULL;

	if (!file) {
		fprintf(stderr, "usage: checker_judge [--echo] FILE\n");
		return 2;
	}
	file_judge(&j, file);
	fclose(file);
	if (!j.echo)
		printf("%u %s\n", j.found, j.found == 1 ? "anomaly" : "anomalies");
	checker_destroy(j.checker);
	free((void *)j.config.state);
	free(j.event);
	return j.found ? 1 : 0;
}
