#include "metering.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sheet.h"

#define METERING_MAX	(1024 * 1024)	/* bytes; jansson needs 20 times that */

static const struct {
	const char	*name;
	int		 integer;
} metering_names[] = {
	{ "go_cpu_cores", 0 },
	{ "go_cpu_cores_gc_overhead", 0 },
	{ "go_alloc_bytes_per_sec", 0 },
	{ "go_alloc_bytes_total", 0 },
	{ "go_frees_per_sec", 0 },
	{ "go_heap_growth_bytes_per_sec", 0 },
	{ "go_allocs_per_sec", 0 },
	{ "go_blocked_time", 1 },
	{ "go_mutex_delay_time", 1 },
	{ "go_gcs_per_sec", 0 },
	{ "go_max_gc_pause_time", 0 },
	{ "go_gc_pause_time", 0 },
	{ "go_num_goroutine", 1 },
	{ "go_lifetime_heap_bytes", 1 },
	{ "go_lifetime_heap_objects", 1 }
};

/* The last number of that name, NULL: there is none. */
static const json_t *
metering_find(const json_t *pairs, const char *name)
{
	const json_t *pair, *key, *number;
	size_t i = json_array_size(pairs);

	while (i-- > 0) {
		pair = json_array_get(pairs, i);
		key = json_array_get(pair, 0);
		number = json_array_get(pair, 1);
		if (json_is_string(key) && json_is_number(number) &&
		    strcmp(json_string_value(key), name) == 0)
			return (number);
	}
	return (NULL);
}

/* As an integer; a real one is cut off. -1: beyond the range. */
static int
metering_integer(const json_t *number, int64_t *value)
{
	double real = json_number_value(number);

	if (json_is_integer(number)) {
		*value = json_integer_value(number);
		return (0);
	}
	if (!(real > -0x1p63 && real < 0x1p63))
		return (-1);
	*value = (int64_t)real;
	return (0);
}

static void
metering_fields(struct sheet *s, const struct sheet_file *f,
    const json_t *pairs)
{
	char field[SHEET_FIELD];
	const json_t *number;
	int64_t value;
	size_t i;

	for (i = 0; i < sizeof(metering_names) / sizeof(metering_names[0]);
	    i++) {
		number = metering_find(pairs, metering_names[i].name);
		if (number == NULL)
			continue;
		snprintf(field, sizeof(field), "prof_%s",
		    metering_names[i].name);
		if (!metering_names[i].integer)
			sheet_float(s, field, json_number_value(number));
		else if (metering_integer(number, &value) == 0)
			sheet_int(s, field, value);
		else
			sheet_note(s, f, "a number is out of range");
	}
}

/* What the reference makes of others, where there is no number of its own. */
static void
metering_derive(struct sheet *s, const json_t *pairs)
{
	double seconds = sheet_seconds(s), value;
	const json_t *number;

	number = metering_find(pairs, "go_alloc_bytes_per_sec");
	if (number != NULL && (value = json_number_value(number)) > 0 &&
	    seconds > 0)
		sheet_float(s, "prof_go_alloc_bytes_total", value * seconds);
	/* It is a share already; divided all the same, for compatibility. */
	number = metering_find(pairs, "go_gc_pause_time");
	if (number != NULL && (value = json_number_value(number)) > 0)
		sheet_rate(s, "prof_go_cpu_cores_gc_overhead", value);
}

/* Is every one a pair of a name and a number? */
static int
metering_pairs(const json_t *pairs)
{
	const json_t *pair;
	size_t i;

	for (i = 0; i < json_array_size(pairs); i++) {
		pair = json_array_get(pairs, i);
		if (!json_is_string(json_array_get(pair, 0)) ||
		    !json_is_number(json_array_get(pair, 1)))
			return (0);
	}
	return (json_is_array(pairs));
}

void
metering_add(struct sheet *s, struct sheet_file *f)
{
	json_error_t error;
	json_t *pairs;
	const char *p;
	size_t len;

	if (sheet_read(s, f, &p, &len) == -1)
		return;
	if (len > METERING_MAX) {
		sheet_note(s, f, "over 1 MiB of JSON");
		return;
	}
	if ((pairs = json_loadb(p, len, 0, &error)) == NULL) {
		sheet_note(s, f, "no JSON");
		return;
	}
	if (!metering_pairs(pairs))
		sheet_note(s, f, "not an array of pairs of name and number");
	metering_fields(s, f, pairs);
	metering_derive(s, pairs);
	json_decref(pairs);
}
