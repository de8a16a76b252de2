#include "unit.h"

#include <stddef.h>
#include <strings.h>

#include "pprof.h"
#include "sheet.h"

static const struct {
	const char	*word;
	enum unit	 unit;
	int64_t		 factor;
} unit_words[] = {
	{ "nanoseconds", UNIT_TIME, 1 },
	{ "nanosecond", UNIT_TIME, 1 },
	{ "ns", UNIT_TIME, 1 },
	{ "microseconds", UNIT_TIME, 1000 },
	{ "microsecond", UNIT_TIME, 1000 },
	{ "us", UNIT_TIME, 1000 },
	{ "milliseconds", UNIT_TIME, 1000000 },
	{ "millisecond", UNIT_TIME, 1000000 },
	{ "ms", UNIT_TIME, 1000000 },
	{ "seconds", UNIT_TIME, 1000000000 },
	{ "second", UNIT_TIME, 1000000000 },
	{ "s", UNIT_TIME, 1000000000 },
	{ "bytes", UNIT_BYTES, 1 },
	{ "byte", UNIT_BYTES, 1 },
	{ "b", UNIT_BYTES, 1 },
	{ "kilobytes", UNIT_BYTES, 1024 },
	{ "kb", UNIT_BYTES, 1024 },
	{ "kib", UNIT_BYTES, 1024 },
	{ "megabytes", UNIT_BYTES, 1048576 },
	{ "mb", UNIT_BYTES, 1048576 },
	{ "mib", UNIT_BYTES, 1048576 },
	{ "gigabytes", UNIT_BYTES, 1073741824 },
	{ "gb", UNIT_BYTES, 1073741824 },
	{ "gib", UNIT_BYTES, 1073741824 }
};

/* 0: not a word for that. */
static int64_t
unit_factor(const struct pprof_text *word, enum unit unit)
{
	size_t i;

	for (i = 0; i < sizeof(unit_words) / sizeof(unit_words[0]); i++)
		if (unit_words[i].unit == unit &&
		    strncasecmp(unit_words[i].word, word->p, word->len) == 0 &&
		    unit_words[i].word[word->len] == '\0')
			return (unit_words[i].factor);
	return (0);
}

int
unit_sum(struct sheet *s, const struct sheet_file *f,
    const struct pprof_sums *sums, const char *type, enum unit unit,
    int64_t *sum)
{
	size_t i = pprof_find(&sums->head, type);
	int64_t factor = 1;

	if (i == sums->head.types)
		return (0);
	if (unit != UNIT_COUNT &&
	    (factor = unit_factor(&sums->head.type[i].unit, unit)) == 0) {
		sheet_note(s, f, "unknown unit, taken as it is");
		factor = 1;
	}
	if (__builtin_mul_overflow(sums->sum[i], factor, sum)) {
		sheet_note(s, f, "a sum is out of range");
		return (0);
	}
	return (1);
}
