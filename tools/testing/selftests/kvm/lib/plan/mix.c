// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "plan/mix.h"
#include "plan/plan.h"

#define NAMES	600	/* bytes that hold the names of all operations */

struct mix mix_default(void)
{
	struct mix mix;
	unsigned int k;

	for (k = 0; k < PLAN_KINDS; k++)
		mix.weight[k] = plan_kinds[k].weight;
	return mix;
}

static void names(char *text)
{
	unsigned int k;
	size_t n = 0;

	for (k = 0; k < PLAN_KINDS; k++)
		n += snprintf(text + n, NAMES - n, "%s, ", plan_kinds[k].name);
	snprintf(text + n, NAMES - n, "all");
}

/* The number after '=', which ends at a comma or at the end; false if it is none. */
static bool parse_weight(const char *text, size_t length, uint32_t *weight)
{
	size_t i;

	*weight = 0;
	for (i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*weight = *weight * 10 + (text[i] - '0');
		if (*weight > MIX_WEIGHT_MAX)
			return false;
	}
	return length > 0;
}

static bool named(unsigned int kind, const char *name, size_t length)
{
	const char *const words[] = { plan_kinds[kind].name, plan_kinds[kind].alias };
	unsigned int i;

	for (i = 0; i < 2; i++)
		if (words[i] && strlen(words[i]) == length && !memcmp(words[i], name, length))
			return true;
	return false;
}

/* One "name=weight" of @length bytes. */
static bool parse_item(const char *item, size_t length, struct mix *mix, char *error, size_t size)
{
	const char *equals = memchr(item, '=', length);
	const size_t n = equals ? (size_t)(equals - item) : length;
	const bool all = n == 3 && !memcmp(item, "all", 3);
	const int shown = length < 60 ? (int)length : 60;
	uint32_t weight = 0;
	bool known = all;
	char list[NAMES];
	unsigned int k;

	if (equals && !parse_weight(equals + 1, length - n - 1, &weight)) {
		snprintf(error, size, "mix: '%.*s': bad weight; expected a number from 0 to %u",
			 shown,
			 item, MIX_WEIGHT_MAX);
		return false;
	}
	for (k = 0; k < PLAN_KINDS; k++) {
		if (!all && !named(k, item, n))
			continue;
		mix->weight[k] = weight;
		known = true;
	}
	if (!known) {
		names(list);
		snprintf(error, size, "mix: '%.*s' is no operation; expected one of: %s",
			 n < 60 ? (int)n : 60, item, list);
		return false;
	}
	if (!equals)
		snprintf(error, size, "mix: '%.*s' has no weight; expected NAME=WEIGHT",
			 shown, item);
	return equals;
}

bool mix_parse(const char *text, struct mix *mix, char *error, size_t size)
{
	struct mix changed = *mix;
	uint64_t sum = 0;
	unsigned int k;

	while (*text) {
		const size_t length = strcspn(text, ",");

		if (!parse_item(text, length, &changed, error, size))
			return false;
		text += length;
		if (*text == ',' && !*++text) {
			snprintf(error, size, "mix: ends in a comma; expected NAME=WEIGHT after it");
			return false;
		}
	}
	for (k = 0; k < PLAN_KINDS; k++)
		sum += changed.weight[k];
	if (!sum) {
		snprintf(error, size, "mix: every operation is switched off; expected a weight above 0");
		return false;
	}
	*mix = changed;
	return true;
}

static uint32_t total(const struct mix *mix, enum memory_kind kind, bool guest)
{
	uint32_t sum = 0;
	unsigned int k;

	for (k = 0; k < PLAN_KINDS; k++)
		if (plan_kind_valid(k, kind, guest))
			sum += mix->weight[k];
	return sum;
}

bool mix_any(const struct mix *mix, enum memory_kind kind, bool guest)
{
	return total(mix, kind, guest);
}

unsigned int mix_draw(const struct mix *mix, enum memory_kind kind, bool guest, struct prng *prng)
{
	uint32_t r = prng_below(prng, total(mix, kind, guest));
	unsigned int k;

	for (k = 0; k < PLAN_KINDS - 1; k++) {
		if (!plan_kind_valid(k, kind, guest))
			continue;
		if (r < mix->weight[k])
			break;
		r -= mix->weight[k];
	}
	return k;
}

int mix_print(const struct mix *mix, char *text, size_t size)
{
	unsigned int k;
	int n = 0;

	for (k = 0; k < PLAN_KINDS; k++)
		n += snprintf((size_t)n < size ? text + n : NULL, (size_t)n < size ? size - n : 0,
			      "%s%s=%u", k ? "," : "", plan_kinds[k].name, mix->weight[k]);
	return n;
}
