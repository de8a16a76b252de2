#include "numbers.h"

#include <stdio.h>
#include <string.h>

#include "pprof.h"
#include "sheet.h"
#include "unit.h"

enum how {
	TOTAL,		/* the sum, an integer */
	RATE,		/* a second, a float */
	CORES		/* processor time as a share of the profile's */
};

#define PYTHON	1
#define NODEJS	2
#define RUBY	4
#define PHP	8
#define DOTNET	16
#define RUST	32

static const struct {
	const char	*name;
	unsigned int	 bit;
} types_languages[] = {
	{ "python", PYTHON }, { "nodejs", NODEJS }, { "ruby", RUBY },
	{ "php", PHP }, { "dotnet", DOTNET }, { "rust", RUST }
};

/*
 * prof_LANGUAGE_FIELD from a sample type. Of Python those that the reference
 * has; of the others what their tracers send: dd-trace-js and pprof-nodejs,
 * dd-trace-rb's stack_recorder.c, dd-trace-php's sample_type_filter.rs,
 * dd-trace-dotnet's *Provider.cpp, pyroscope-rs; and what they sent of old.
 * The first type that a profile has counts.
 */
static const struct types_row {
	const char	*field;
	enum how	 how;
	const char	*type;
	enum unit	 unit;
	unsigned int	 languages;
} types_rows[] = {
	{ "cpu_cores", CORES, "cpu-time", UNIT_TIME,
	    PYTHON | RUBY | PHP | DOTNET | RUST },
	{ "cpu_cores", CORES, "cpu", UNIT_TIME, NODEJS | DOTNET | RUST },
	{ "wall_time", TOTAL, "wall-time", UNIT_TIME,
	    PYTHON | RUBY | PHP | DOTNET | RUST },
	{ "wall_time", TOTAL, "wall", UNIT_TIME, NODEJS | DOTNET | RUST },
	{ "alloc_bytes_total", TOTAL, "alloc-space", UNIT_BYTES,
	    PYTHON | DOTNET | RUST },
	{ "alloc_bytes_per_sec", RATE, "alloc-space", UNIT_BYTES,
	    PYTHON | DOTNET | RUST },
	{ "alloc_bytes_total", TOTAL, "alloc-size", UNIT_BYTES, PHP | DOTNET },
	{ "alloc_bytes_per_sec", RATE, "alloc-size", UNIT_BYTES,
	    PHP | DOTNET },
	{ "alloc_bytes_total", TOTAL, "alloc_space", UNIT_BYTES,
	    NODEJS | RUST },
	{ "alloc_bytes_per_sec", RATE, "alloc_space", UNIT_BYTES,
	    NODEJS | RUST },
	{ "allocs_per_sec", RATE, "alloc-samples", UNIT_COUNT,
	    PYTHON | RUBY | PHP | DOTNET | RUST },
	{ "allocs_per_sec", RATE, "alloc_objects", UNIT_COUNT,
	    NODEJS | RUST },
	{ "lock_acquisitions_per_sec", RATE, "lock-acquire", UNIT_COUNT,
	    PYTHON },
	{ "lock_acquisition_time", TOTAL, "lock-acquire-wait", UNIT_TIME,
	    PYTHON },
	{ "lock_hold_time", TOTAL, "lock-release-hold", UNIT_TIME, PYTHON },
	{ "locks_per_sec", RATE, "lock-count", UNIT_COUNT, DOTNET },
	{ "lock_acquisition_time", TOTAL, "lock-time", UNIT_TIME, DOTNET },
	{ "exceptions_total", TOTAL, "exception-samples", UNIT_COUNT,
	    PYTHON | PHP | DOTNET },
	{ "exceptions_per_sec", RATE, "exception-samples", UNIT_COUNT,
	    PYTHON | PHP | DOTNET },
	{ "exceptions_total", TOTAL, "exception", UNIT_COUNT, DOTNET },
	{ "exceptions_per_sec", RATE, "exception", UNIT_COUNT, DOTNET },
	{ "lifetime_heap_bytes", TOTAL, "heap-space", UNIT_BYTES, PYTHON },
	{ "lifetime_heap_bytes", TOTAL, "heap-live-size", UNIT_BYTES,
	    RUBY | PHP },
	{ "lifetime_heap_objects", TOTAL, "heap-live-samples", UNIT_COUNT,
	    RUBY | PHP },
	{ "lifetime_heap_bytes", TOTAL, "inuse-space", UNIT_BYTES, DOTNET },
	{ "lifetime_heap_objects", TOTAL, "inuse-objects", UNIT_COUNT,
	    DOTNET },
	{ "lifetime_heap_bytes", TOTAL, "inuse_space", UNIT_BYTES,
	    NODEJS | RUST },
	{ "lifetime_heap_objects", TOTAL, "inuse_objects", UNIT_COUNT,
	    NODEJS | RUST },
	{ "lifetime_heap_bytes", TOTAL, "space", UNIT_BYTES, NODEJS },
	{ "lifetime_heap_objects", TOTAL, "objects", UNIT_COUNT, NODEJS },
	{ "request_time", TOTAL, "request-time", UNIT_TIME, DOTNET },
	{ "socket_io_read_time", TOTAL, "socket-read-time", UNIT_TIME, PHP },
	{ "socket_io_write_time", TOTAL, "socket-write-time", UNIT_TIME, PHP },
	{ "socket_io_read_bytes", TOTAL, "socket-read-size", UNIT_BYTES, PHP },
	{ "socket_io_write_bytes", TOTAL, "socket-write-size", UNIT_BYTES,
	    PHP },
	{ "file_io_read_time", TOTAL, "file-io-read-time", UNIT_TIME, PHP },
	{ "file_io_write_time", TOTAL, "file-io-write-time", UNIT_TIME, PHP },
	{ "file_io_read_bytes", TOTAL, "file-io-read-size", UNIT_BYTES, PHP },
	{ "file_io_write_bytes", TOTAL, "file-io-write-size", UNIT_BYTES, PHP }
};

static unsigned int
types_language(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(types_languages) / sizeof(types_languages[0]);
	    i++)
		if (strcmp(types_languages[i].name, name) == 0)
			return (types_languages[i].bit);
	return (0);
}

static void
types_fill(struct sheet *s, const struct sheet_file *f,
    const struct pprof_sums *sums, const char *name)
{
	unsigned int language = types_language(name);
	const struct types_row *r;
	char field[SHEET_FIELD];
	int64_t sum;
	size_t i;

	for (i = 0; i < sizeof(types_rows) / sizeof(types_rows[0]); i++) {
		r = &types_rows[i];
		if ((r->languages & language) == 0 ||
		    !unit_sum(s, f, sums, r->type, r->unit, &sum))
			continue;
		snprintf(field, sizeof(field), "prof_%s_%s", name, r->field);
		switch (r->how) {
		case TOTAL:
			sheet_int(s, field, sum);
			break;
		case RATE:
			sheet_rate(s, field, (double)sum);
			break;
		case CORES:
			sheet_cores(s, field, sum);
			break;
		}
	}
}

void
types_add(struct sheet *s, const char *name)
{
	struct pprof_sums sums;
	struct sheet_file *f;

	for (f = s->files; f < s->files + s->nfiles; f++)
		if (sheet_is_pprof(s, f) && sheet_sums(s, f, &sums) == 0)
			types_fill(s, f, &sums, name);
}
