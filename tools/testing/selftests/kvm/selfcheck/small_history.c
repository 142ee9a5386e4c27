// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "oracle/history_text.h"
#include "small_history.h"
#include "witness_proof.h"

#define WINDOW		10	/* events, about */
#define FAULT_AFTER	6	/* effects, at most */

struct sim_shape small_shape(struct prng *prng)
{
	struct sim_shape shape = sim_shape_random(prng);

	shape.pages = 1;
	shape.words = 1 + prng_below(prng, 2);
	if (shape.actors > 4)
		shape.actors = 4;
	return shape;
}

static void logs_collect(struct small *h)
{
	unsigned int a, i;

	for (a = 0; a < h->sim.shape.actors; a++)
		for (i = 0; i < h->sim.log[a]->count; i++) {
			if (h->count < SMALL_EVENTS)
				h->event[h->count++] = h->sim.log[a]->events[i];
			else
				h->full = true;
		}
	h->window_end[h->windows++] = h->count;
}

void small_make(struct small *h, struct prng *prng, const struct sim_shape *shape,
		unsigned int windows, enum sim_fault fault)
{
	sim_init(&h->sim, shape, prng_next(prng), 4 * WINDOW + 64);
	sim_fault_plan(&h->sim, fault, prng_below(prng, FAULT_AFTER));
	h->config = sim_config(&h->sim);
	h->count = h->windows = 0;
	h->full = false;
	while (h->windows < windows) {
		sim_window(&h->sim, 4 + prng_below(prng, WINDOW));
		logs_collect(h);
	}
	sim_free(&h->sim);
}

static void window_add(struct checker *c, const struct event *e, unsigned int count,
		       struct history_log **log)
{
	unsigned int i, n;

	for (i = 0; i < count; i += n, log++) {
		*log = history_log_init(malloc(history_log_size(count)), e[i].actor, count);
		for (n = 0; i + n < count && e[i + n].actor == e[i].actor; n++)
			history_log_append(*log, &e[i + n]);
		if (!checker_add_log(c, *log)) {
			fprintf(stderr, "%s\n", checker_error(c));
			abort();
		}
	}
}

void small_check(struct small *h)
{
	struct checker *c = checker_create(&h->config);
	unsigned int window, first = 0, i;

	h->found = 0;
	for (window = 0; window < h->windows && !h->found; window++) {
		struct history_log *log[SIM_ACTORS] = { NULL };

		window_add(c, &h->event[first], h->window_end[window] - first, log);
		first = h->window_end[window];
		h->found = checker_run(c);
		for (i = 0; i < SIM_ACTORS; i++)
			free(log[i]);
	}
	h->windows = window;
	h->count = first;
	if (h->found)
		h->anomaly = *checker_anomaly(c, 0);
	checker_destroy(c);
}

enum reference_answer small_search(const struct small *h)
{
	return h->full ? REFERENCE_TOO_BIG : reference_judge(&h->config, h->event, h->count);
}

enum reference_answer small_prove(const struct small *h)
{
	return witness_prove(&h->config, h->event, h->count,
			     h->windows > 1 ? h->window_end[h->windows - 2] : 0, &h->anomaly);
}

void small_show(const struct small *h)
{
	unsigned int i, window = 0;
	char text[ANOMALY_TEXT];

	printf("# the checker found %u\n", h->found);
	if (h->found) {
		anomaly_describe(&h->anomaly, text, sizeof(text));
		printf("# %s\n", text);
	}
	history_print_head(stdout, &h->config);
	for (i = 0; i < h->count; i++) {
		if (i == h->window_end[window]) {
			puts("barrier");
			window++;
		}
		if (!(h->event[i].flags & EVENT_ATOMIC) || h->event[i].kind == EVENT_READ)
			history_print_event(stdout, &h->event[i], h->config.vm);
	}
	fflush(stdout);
}
