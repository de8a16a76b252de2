#include "numbers.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "metering.h"
#include "pprof.h"
#include "sheet.h"
#include "unit.h"

/* The profiles that numbers come from, in the order their names are tried. */
enum golang_kind { CPU, BLOCK, HEAP, MUTEX, GOROUTINE, KINDS };

static const char *const golang_words[] = { "cpu", "block", "heap", "mutex",
    "goroutine" };

/* What fills a field that metrics.json lacks. */
static const struct {
	enum golang_kind kind;
	const char	*type;
	enum unit	 unit;
	const char	*field;
	int		 cores;		/* as a share of the duration */
} golang_rows[] = {
	{ CPU, "cpu", UNIT_TIME, "prof_go_cpu_cores", 1 },
	{ BLOCK, "delay", UNIT_TIME, "prof_go_blocked_time", 0 },
	{ HEAP, "inuse_objects", UNIT_COUNT,
	    "prof_go_lifetime_heap_objects", 0 },
	{ HEAP, "inuse_space", UNIT_BYTES, "prof_go_lifetime_heap_bytes", 0 },
	{ MUTEX, "delay", UNIT_TIME, "prof_go_mutex_delay_time", 0 },
	{ GOROUTINE, "goroutine", UNIT_COUNT, "prof_go_num_goroutine", 0 },
	{ GOROUTINE, "goroutines", UNIT_COUNT, "prof_go_num_goroutine", 0 }
};

#define ROWS	(sizeof(golang_rows) / sizeof(golang_rows[0]))

/* By its names. KINDS: they do not say, or another one. */
static enum golang_kind
golang_named(const struct sheet_file *f)
{
	int kind;

	for (kind = 0; kind < KINDS; kind++)
		if (strcasestr(f->part, golang_words[kind]) != NULL ||
		    strcasestr(f->name, golang_words[kind]) != NULL)
			break;
	return ((enum golang_kind)kind);
}

static int
golang_metering(const struct sheet_file *f)
{
	return (sheet_called(f, "metrics.json") || sheet_called(f, "metrics"));
}

/* By its sample types. mutex and block have the same. */
static enum golang_kind
golang_typed(const struct pprof_head *head)
{
	if (pprof_find(head, "inuse_space") != head->types)
		return (HEAP);
	if (pprof_find(head, "goroutine") != head->types ||
	    pprof_find(head, "goroutines") != head->types)
		return (GOROUTINE);
	return (pprof_find(head, "cpu") != head->types ? CPU : KINDS);
}

/* Does a field of it lack still? */
static int
golang_wanted(const struct sheet *s, enum golang_kind kind)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (golang_rows[i].kind == kind &&
		    !sheet_has(s, golang_rows[i].field))
			return (1);
	return (0);
}

static void
golang_fill(struct sheet *s, const struct sheet_file *f,
    const struct pprof_sums *sums, enum golang_kind kind)
{
	int64_t sum;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (golang_rows[i].kind != kind ||
		    sheet_has(s, golang_rows[i].field) ||
		    !unit_sum(s, f, sums, golang_rows[i].type,
		    golang_rows[i].unit, &sum))
			continue;
		if (golang_rows[i].cores)
			sheet_cores(s, golang_rows[i].field, sum);
		else
			sheet_int(s, golang_rows[i].field, sum);
	}
}

void
golang_add(struct sheet *s, const char *name)
{
	struct pprof_sums sums;
	struct sheet_file *f;
	enum golang_kind kind;

	(void)name;
	for (f = s->files; f < s->files + s->nfiles; f++)
		if (golang_metering(f))
			metering_add(s, f);
	for (f = s->files; f < s->files + s->nfiles; f++) {
		kind = golang_named(f);
		/* One of leaks only is no profile of all goroutines. */
		if (strcasestr(f->name, "goroutineleak") != NULL)
			continue;
		if (kind != KINDS && golang_wanted(s, kind) &&
		    sheet_sums(s, f, &sums) == 0)
			golang_fill(s, f, &sums, kind);
	}
	for (f = s->files; f < s->files + s->nfiles; f++)
		if (golang_named(f) == KINDS && sheet_is_pprof(s, f) &&
		    sheet_sums(s, f, &sums) == 0 &&
		    (kind = golang_typed(&sums.head)) != KINDS)
			golang_fill(s, f, &sums, kind);
}
