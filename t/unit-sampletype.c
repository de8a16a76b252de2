#include "sampletype.h"

#include <stdio.h>
#include <string.h>

#include "ok.h"

static int
splits(const char *app, size_t expected, const char *suffix)
{
	size_t base;
	const char *s = sampletype_suffix(app, &base);

	return (base == expected && (suffix == NULL ? s == NULL :
	    s != NULL && strcmp(s, suffix) == 0));
}

static int
counts(const char *suffix, const char *units, uint32_t rate,
    const char *expected)
{
	struct sampletype t;
	char text[200];

	sampletype_of(suffix, units, rate, &t);
	snprintf(text, sizeof(text), "%s/%s %s %lld", t.type, t.unit,
	    t.period_type != NULL ? t.period_type : "-", (long long)t.period);
	if (strcmp(text, expected) == 0)
		return (1);
	printf("# %s, not %s\n", text, expected);
	return (0);
}

static void
suffixes(void)
{
	ok(splits("demo.cpu", 4, "cpu") &&
	    splits("a.b.inuse_objects", 3, "inuse_objects") &&
	    splits("x.wall", 1, "wall"), "a suffix that is known is one");
	ok(splits("demo", 4, NULL) && splits("demo.app", 8, NULL) &&
	    splits("cpu", 3, NULL) && splits(".cpu", 4, NULL) &&
	    splits("demo.cpux", 9, NULL) && splits("demo.", 5, NULL) &&
	    splits("", 0, NULL), "any other is a part of the name");
}

static void
types(void)
{
	ok(counts(NULL, NULL, 100, "samples/count cpu 10000000") &&
	    counts("cpu", "", 100, "samples/count cpu 10000000") &&
	    counts("itimer", NULL, 1000, "samples/count cpu 1000000") &&
	    counts("wall", "samples", 7, "samples/count wall 142857142") &&
	    counts("cpu", "samples", 0, "samples/count - 0"),
	    "samples, with a period if there is a rate");
	ok(counts("inuse_space", "", 100, "inuse_space/bytes - 0") &&
	    counts("inuse_space", "bytes", 100, "inuse_space/bytes - 0") &&
	    counts("inuse_space", "samples", 100, "inuse_space/bytes - 0") &&
	    counts("alloc_objects", "objects", 0, "alloc_objects/count - 0"),
	    "a suffix says what is counted");
	ok(counts(NULL, "objects", 100, "objects/count - 0") &&
	    counts(NULL, "bytes", 100, "space/bytes - 0") &&
	    counts(NULL, "goroutines", 0, "goroutine/count - 0") &&
	    counts(NULL, "lock_samples", 0, "contentions/count - 0") &&
	    counts("x", "lock_nanoseconds", 0, "delay/nanoseconds - 0") &&
	    counts(NULL, "cubits", 100, "samples/cubits - 0"),
	    "else the units do");
	ok(counts("cpu", "bytes", 100, "space/bytes - 0") &&
	    counts("mutex_count", "lock_nanoseconds", 0,
	    "delay/nanoseconds - 0") &&
	    counts("cpu", "nanoseconds", 100, "cpu/nanoseconds - 0") &&
	    counts("wall", "nanoseconds", 0, "wall/nanoseconds - 0") &&
	    counts(NULL, "nanoseconds", 0, "wall/nanoseconds - 0"),
	    "where they differ, the units");
}

static int
file_is(const char *config, const char *expected)
{
	const char *why = "", *name;

	name = sampletype_file(config, config != NULL ? strlen(config) : 0,
	    &why);
	if (strcmp(name != NULL ? name : why, expected) == 0)
		return (1);
	printf("# %s, not %s\n", name != NULL ? name : why, expected);
	return (0);
}

static void
files(void)
{
	ok(file_is(NULL, "cpu.pprof") && file_is("{\"samples\":{\"units\":"
	    "\"samples\",\"sampled\":true}}", "cpu.pprof"), "of CPU time");
	ok(file_is("{\"goroutine\":{\"units\":\"goroutines\"}}",
	    "goroutines.pprof") && file_is("{\"alloc_objects\":{},"
	    "\"inuse_space\":{\"aggregation\":\"average\"}}",
	    "delta-heap.pprof"), "of goroutines and the heap");
	ok(file_is("{\"contentions\":{\"units\":\"lock_samples\","
	    "\"display-name\":\"mutex_count\"},\"delay\":null}",
	    "delta-mutex.pprof") && file_is("{\"delay\":{\"display-name\":"
	    "\"block_duration\"},\"contentions\":{}}", "delta-block.pprof"),
	    "of locks, by what they are displayed as");
	ok(file_is("{}", "auto.pprof") && file_is("{\"contentions\":{}}",
	    "auto.pprof") && file_is("{\"x\":{\"display-name\":\"mutex\"}}",
	    "auto.pprof"), "of what is not known");
	ok(file_is("", "not a JSON object") && file_is("{\"cpu\":1}",
	    "a sample type's settings are no object") &&
	    file_is("{\"cpu\":{}", "the object does not end"),
	    "or a reason why not");
}

int
main(void)
{
	files();
	suffixes();
	types();
	return (failed);
}
