/* parts: cmd/metrics/java.o t/recording.o t/recorded.o */
#include "../cmd/metrics/java.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "file.h"
#include "inflate.h"
#include "jfr.h"
#include "ok.h"
#include "recorded.h"
#include "recording.h"
#include "when.h"

static const struct java_metric *
metric_find(const struct java_metric *m, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(m[i].name, name) == 0)
			return (&m[i]);
	return (NULL);
}

/* Is a metric that of the oracle: name, type and value? */
static int
metric_is(const struct java_metric *m, const json_t *field)
{
	const json_t *value = json_object_get(field, "value");
	const char *type = json_string_value(json_object_get(field, "type"));
	const char *key = json_string_value(json_object_get(field, "key"));
	int good;

	if (m == NULL)
		good = 0;
	else if (m->is_real)
		good = strcmp(type, "float64") == 0 &&
		    m->real == json_number_value(value);
	else
		good = strcmp(type, "int64") == 0 &&
		    m->integer == json_integer_value(value);
	if (!good)
		printf("# %s is not as the oracle's\n", key);
	return (good);
}

static int64_t
time_of(const json_t *oracle, const char *name)
{
	const char *s = json_string_value(json_object_get(oracle, name));
	int64_t ns;

	if (s == NULL || when_parse(s, strlen(s), &ns) == -1)
		abort();
	return (ns);
}

/* Every metric of the recording, and no other. */
static int
is_as_the_oracle(const struct java *j, const char *name)
{
	struct java_metric m[JAVA_METRICS];
	const json_t *fields, *field;
	char path[100];
	json_t *oracle;
	size_t n, i;
	int good;

	snprintf(path, sizeof(path), "t/data/oracle/metrics/own-%s.jfr.json",
	    name);
	if ((oracle = json_load_file(path, 0, NULL)) == NULL)
		abort();
	fields = json_object_get(json_array_get(json_object_get(oracle,
	    "points"), 0), "fields");
	n = java_metrics(j, time_of(oracle, "start"), time_of(oracle, "end"),
	    m);
	good = n == json_array_size(fields) && n != 0;
	for (i = 0; i < json_array_size(fields); i++) {
		field = json_array_get(fields, i);
		good &= metric_is(metric_find(m, n, json_string_value(
		    json_object_get(field, "key"))), field);
		good &= i == 0 || strcmp(m[i - 1].name, m[i].name) < 0;
	}
	json_decref(oracle);
	return (good);
}

static void
load(const char *name, struct buf *b)
{
	static const struct inflate_limits most = { 1 << 24, 0 };
	struct buf file = { 0 };
	const char *why;
	char path[100];

	snprintf(path, sizeof(path), "t/data/jfr/%s.jfr.gz", name);
	b->len = 0;
	if (file_slurp(AT_FDCWD, path, 1 << 24, &file) == -1 ||
	    inflate_whole(file.p, file.len, &most, b, &why) == -1)
		abort();
	buf_free(&file);
}

static int
add(struct java *j, const char *p, size_t len)
{
	struct jfr_report report;
	const char *why;

	return (java_add(j, p, len, &recorded_limits, &report, &why));
}

static void
samples(void)
{
	static const char *const names[] = { "busy-small", "busy-dd",
	    "busy-medium" };
	struct java *j;
	struct buf b = { 0 };
	size_t i, first;

	for (i = 0; i < 3; i++) {
		load(names[i], &b);
		j = java_new();
		ok(add(j, b.p, b.len) == 0 && is_as_the_oracle(j, names[i]),
		    names[i]);
		java_free(j);
	}
	/* b has two chunks; how long the first is stands at 12. */
	first = (size_t)((unsigned char)b.p[13] << 16 |
	    (unsigned char)b.p[14] << 8 | (unsigned char)b.p[15]);
	j = java_new();
	ok(add(j, b.p, first) == 0 &&
	    add(j, b.p + first, b.len - first) == 0 &&
	    is_as_the_oracle(j, "busy-medium"),
	    "a recording that comes in two files gives the same");
	java_free(j);
	buf_free(&b);
}

static double
value(const struct java *j, int64_t start, int64_t end, const char *name)
{
	struct java_metric m[JAVA_METRICS];
	const struct java_metric *found = metric_find(m,
	    java_metrics(j, start, end, m), name);

	if (found == NULL)
		return (-1);
	return (found->is_real ? found->real : (double)found->integer);
}

#define JVM(id) "event " id " jdk.JVMInformation\n" \
	" field jvmStartTime 1 @21=MILLISECONDS_SINCE_EPOCH\n"
#define CONFIG	"event 51 datadog.DatadogProfilerConfig\n" \
	" field cpuInterval 1 @20=MILLISECONDS\n"
#define SAMPLE	"event 52 datadog.ExecutionSample\n field weight 1\n"
#define MORE	"event 53 datadog.HeapUsage\n field size 1 @22=BYTES\n" \
	"event 54 jdk.FileRead\n field duration 1 @20=TICKS\n" \
	" field bytesRead 1 @22=BYTES\n"

static void
put_long(struct recording *r, int64_t type, int64_t v)
{
	recording_event(r, type);
	recording_long(r, v);
	recording_over(r);
}

/* Events of which the first counts, or only what makes sense. */
static void
firsts(void)
{
	struct recording r = { 0 };
	struct java *j = java_new();
	int64_t end = RECORDING_START + 2 * SECOND;

	ok(value(j, end, end, "prof_jvm_uptime_nanoseconds") == -1 &&
	    value(j, end, end, "prof_jvm_avg_gc_pause_time") == 0 &&
	    value(j, end, end, "prof_jvm_alloc_bytes_total") == 0 &&
	    value(j, end, end + 1, "prof_jvm_allocs_per_sec") == 0,
	    "without events all but the uptime is 0");
	ok(value(j, end, end, "prof_jvm_allocs_per_sec") == -1 &&
	    value(j, end, end, "prof_jvm_cpu_cores") == -1 &&
	    value(j, end, end - 1, "prof_jvm_throws_per_sec") == -1,
	    "without duration there is no rate");
	recording_begin(&r, SECOND, 0);
	recording_types(&r, JVM("50") CONFIG SAMPLE RECORDED_BASES
	    RECORDED_NOTES);
	put_long(&r, 52, 3);
	put_long(&r, 50, 1000);
	put_long(&r, 51, 0);
	recording_end(&r);
	ok(add(j, r.out.p, r.out.len) == 0 && value(j, RECORDING_START, end,
	    "prof_jvm_cpu_cores") == 0.015 && value(j, RECORDING_START, end,
	    "prof_jvm_uptime_nanoseconds") == -1,
	    "an interval of 0 is 10 ms, and a JVM of 1970 has no uptime");
	r.out.len = 0;
	recording_begin(&r, SECOND, 0);
	recording_types(&r, JVM("50") CONFIG SAMPLE MORE RECORDED_BASES
	    RECORDED_NOTES);
	put_long(&r, 51, 20);
	put_long(&r, 51, 30);
	put_long(&r, 52, 1);
	put_long(&r, 50, RECORDING_START / 1000000 - 5);
	put_long(&r, 50, RECORDING_START / 1000000 - 7);
	put_long(&r, 53, 1000);
	put_long(&r, 53, 2000);
	recording_event(&r, 54);
	recording_long(&r, INT64_MAX);
	recording_long(&r, INT64_MAX);
	recording_over(&r);
	recording_event(&r, 54);
	recording_long(&r, 1);
	recording_long(&r, 1);
	recording_over(&r);
	recording_end(&r);
	ok(add(j, r.out.p, r.out.len) == 0 && value(j, RECORDING_START, end,
	    "prof_jvm_cpu_cores") == 0.04, "the first interval is taken, "
	    "whichever chunk has it");
	ok(value(j, RECORDING_START, end, "prof_jvm_uptime_nanoseconds") ==
	    2005000000 && value(j, RECORDING_START, end,
	    "prof_jvm_lifetime_heap_bytes") == 1000,
	    "so are the first start and the first heap");
	ok(value(j, RECORDING_START, end, "prof_jvm_file_io_read_bytes") ==
	    9223372036854775807.0, "a sum ends where 63 bits do");
	java_free(j);
	recording_free(&r);
}

static void
broken(void)
{
	struct recording r = { 0 };
	struct java *j = java_new();

	errno = 0;
	ok(add(j, "FLR\0\0\1\0\0 and so on, for more than a header has, and "
	    "then a bit more", 68) == -1 && errno == EINVAL,
	    "what cannot be read is EINVAL");
	recorded_read(&r, SECOND, 0, "50", 100);
	ok(add(j, r.out.p, r.out.len) == 0, "what can be read is added");
	buf_adds(&r.out, "FLR, but no more");
	ok(add(j, r.out.p, r.out.len) == -1 && value(j, 0, SECOND,
	    "prof_jvm_file_io_read_time") == 100,
	    "what breaks off in an error changes no sum");
	recording_free(&r);
	java_free(j);
}

int
main(void)
{
	samples();
	firsts();
	broken();
	return (failed);
}
