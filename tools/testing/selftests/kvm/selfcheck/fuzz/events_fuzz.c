// SPDX-License-Identifier: GPL-2.0-only
/* Any bytes as events of logs: refused, or judged, in bounded memory and time. */
#include <stdlib.h>
#include <string.h>
#include "abi/history.h"
#include "oracle/checker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LOGS	3u
#define EVENTS	48u

/* Small numbers are what makes events meet; now and then one is taken as it is. */
static uint64_t number(const uint8_t **data, const uint8_t *end, uint64_t below)
{
	uint64_t value = 0;

	if (*data < end && **data == 0xff && end - *data > 8) {
		memcpy(&value, *data + 1, 8);
		*data += 9;
		return value;
	}
	return *data < end ? *(*data)++ % below : 0;
}

static struct event event_of(const uint8_t **data, const uint8_t *end, uint64_t *ticket)
{
	struct event e = { .begin = *ticket + 1 + number(data, end, 4) };

	e.end = e.begin + 1 + number(data, end, 6);
	*ticket = e.end;
	e.kind = number(data, end, EVENT_KINDS + 1);
	e.page = number(data, end, 5);
	e.pages = 1 + number(data, end, 4);
	e.word = number(data, end, 2) * 511;
	e.value = number(data, end, 8);
	e.actor = number(data, end, 3);
	e.flags = number(data, end, 32);
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct checker_config config = { .pages = 4, .split = size & 1, .shared = size & 2 };
	struct checker *c = checker_create(&config);
	unsigned int round, n, i, k;

	for (round = 0; round < 2 && data < end; round++) {
		struct history_log *log[LOGS];
		bool good = true;

		for (i = 0; i < LOGS; i++) {
			uint64_t ticket = round * 1000;

			log[i] = malloc(history_log_size(EVENTS));
			history_log_init(log[i], i, EVENTS);
			n = number(&data, end, EVENTS) % EVENTS;
			for (k = 0; k < n; k++) {
				struct event e = event_of(&data, end, &ticket);

				history_log_append(log[i], &e);
			}
			good &= checker_add_log(c, log[i]);
		}
		if ((checker_run(c) < 0) == good)
			abort();
		for (i = 0; i < LOGS; i++)
			free(log[i]);
		if (!good)
			break;
	}
	checker_destroy(c);
	return 0;
}
