#include "java.h"

#include <stdlib.h>
#include <string.h>

#include "jfr.h"
#include "when.h"

#define CPU_INTERVAL	INT64_C(10000000)	/* ns, where none is told */
#define YEAR_2020	(INT64_C(1577836800) * WHEN_SECOND)

enum wish { EXECUTION, CONFIG, ALLOCATION, DIRECT, CLASS_LOADER, COMPILATION,
    SWITCH_RATE, EXCEPTION, FILE_READ, FILE_WRITE, SOCKET_READ, SOCKET_WRITE,
    COLLECTION, PAUSE, LIVE_OBJECT, HEAP_USAGE, LOCK, THREAD_START, DEADLOCK,
    JVM, WISHES };

/*
 * The first field is counted as time or number, the second as bytes; of most
 * events only how many there are.
 */
static const struct jfr_wish wishes[] = {
	[EXECUTION] = { "datadog.ExecutionSample", { "weight" } },
	[CONFIG] = { "datadog.DatadogProfilerConfig", { "cpuInterval" } },
	[ALLOCATION] = { "datadog.ObjectSample", { "weight", "size" } },
	[DIRECT] = { "datadog.DirectAllocationTotal", { "allocated" } },
	[CLASS_LOADER] = { "jdk.ClassLoaderStatistics", { NULL } },
	[COMPILATION] = { "jdk.Compilation", { "duration" } },
	[SWITCH_RATE] = { "jdk.ThreadContextSwitchRate", { "switchRate" } },
	[EXCEPTION] = { "datadog.ExceptionSample", { NULL } },
	[FILE_READ] = { "jdk.FileRead", { "duration", "bytesRead" } },
	[FILE_WRITE] = { "jdk.FileWrite", { "duration", "bytesWritten" } },
	[SOCKET_READ] = { "jdk.SocketRead", { "duration", "bytesRead" } },
	[SOCKET_WRITE] = { "jdk.SocketWrite", { "duration",
	    "bytesWritten" } },
	[COLLECTION] = { "jdk.GarbageCollection", { "duration" } },
	[PAUSE] = { "jdk.GCPhasePause", { "duration" } },
	[LIVE_OBJECT] = { "datadog.HeapLiveObject", { NULL } },
	[HEAP_USAGE] = { "datadog.HeapUsage", { "size" } },
	[LOCK] = { "jdk.JavaMonitorEnter", { "duration" } },
	[THREAD_START] = { "jdk.ThreadStart", { NULL } },
	[DEADLOCK] = { "datadog.DeadlockedThread", { NULL } },
	[JVM] = { "jdk.JVMInformation", { "jvmStartTime" } } };

/* Of the events of a type that have the field. */
struct sum {
	int64_t	 count;
	int64_t	 total;		/* of the first field: ns, or a number */
	int64_t	 most;
	int64_t	 bytes;		/* of the second */
	int64_t	 most_bytes;
};

struct java {
	struct sum	 sums[WISHES];
	double		 allocated;	/* bytes, as samples stand for them */
	double		 allocations;
	double		 switch_rates;
	int64_t		 cpu_interval;	/* ns; 0: not told */
	int64_t		 heap;		/* bytes, of the first event */
	int64_t		 started;	/* ns since 1970; 0: not told */
};

struct java *
java_new(void)
{
	return (calloc(1, sizeof(struct java)));
}

void
java_free(struct java *j)
{
	free(j);
}

/* Sums stop at the end of their range. */
static int64_t
plus(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return (b < 0 ? INT64_MIN : INT64_MAX);
	return (sum);
}

static int64_t
bytes_of(const struct jfr_value *v)
{
	return (v->unit == JFR_BITS ? v->integer / 8 : v->integer);
}

static int
is_number(const struct jfr_value *v)
{
	return (v->kind == JFR_INTEGER || v->kind == JFR_REAL);
}

/* What is made of single events beyond their sums. */
static void
event_note(struct java *j, size_t wish, const struct jfr_value *v)
{
	switch (wish) {
	case ALLOCATION:
		if (is_number(&v[1])) {
			j->allocated += (double)bytes_of(&v[1]) * v->real;
			j->allocations += v->real;
		}
		break;
	case SWITCH_RATE:
		j->switch_rates += v->real;
		break;
	case CONFIG:
		if (j->cpu_interval == 0 && v->integer > 0)
			j->cpu_interval = v->integer;
		break;
	case HEAP_USAGE:
		if (j->sums[HEAP_USAGE].count == 1)
			j->heap = bytes_of(v);
		break;
	case JVM:
		if (j->started == 0 && v->unit == JFR_TIME &&
		    v->integer > YEAR_2020)
			j->started = v->integer;
		break;
	}
}

static int
on_event(size_t wish, const struct jfr_value *v, void *arg)
{
	struct java *j = arg;
	struct sum *s = &j->sums[wish];
	int64_t n;

	if (wishes[wish].fields[0] == NULL) {
		s->count++;
		return (0);
	}
	if (!is_number(v))
		return (0);
	s->count++;
	n = wish == DIRECT ? bytes_of(v) : v->integer;
	s->total = plus(s->total, n);
	if (s->most < n)
		s->most = n;
	if (wishes[wish].fields[1] != NULL && is_number(&v[1])) {
		n = bytes_of(&v[1]);
		s->bytes = plus(s->bytes, n);
		if (s->most_bytes < n)
			s->most_bytes = n;
	}
	event_note(j, wish, v);
	return (0);
}

int
java_add(struct java *j, const char *p, size_t len,
    const struct jfr_limits *limits, struct jfr_report *report,
    const char **why)
{
	struct java before = *j;

	if (jfr_read(p, len, wishes, WISHES, limits, on_event, j, report,
	    why) == 0)
		return (0);
	*j = before;
	return (-1);
}

/* Metrics as they are made. */
struct making {
	struct java_metric	*next;
	double			 seconds;
};

static void
integer(struct making *m, const char *name, int64_t value)
{
	*m->next++ = (struct java_metric){ name, 0, value, 0 };
}

static void
real(struct making *m, const char *name, double value)
{
	*m->next++ = (struct java_metric){ name, 1, 0, value };
}

static void
rate(struct making *m, const char *name, double value)
{
	if (m->seconds > 0)
		real(m, name, value / m->seconds);
}

static void
file_metrics(struct making *m, const struct sum *in, const struct sum *out)
{
	integer(m, "prof_jvm_file_io_max_read_bytes", in->most_bytes);
	integer(m, "prof_jvm_file_io_max_read_time", in->most);
	integer(m, "prof_jvm_file_io_max_write_bytes", out->most_bytes);
	integer(m, "prof_jvm_file_io_max_write_time", out->most);
	integer(m, "prof_jvm_file_io_read_bytes", in->bytes);
	integer(m, "prof_jvm_file_io_read_time", in->total);
	integer(m, "prof_jvm_file_io_time", plus(in->total, out->total));
	integer(m, "prof_jvm_file_io_write_bytes", out->bytes);
	integer(m, "prof_jvm_file_io_write_time", out->total);
}

static void
socket_metrics(struct making *m, const struct sum *in, const struct sum *out)
{
	integer(m, "prof_jvm_socket_io_max_read_bytes", in->most_bytes);
	integer(m, "prof_jvm_socket_io_max_read_time", in->most);
	integer(m, "prof_jvm_socket_io_max_write_bytes", out->most_bytes);
	integer(m, "prof_jvm_socket_io_max_write_time", out->most);
	integer(m, "prof_jvm_socket_io_read_bytes", in->bytes);
	integer(m, "prof_jvm_socket_io_read_time", in->total);
	integer(m, "prof_jvm_socket_io_write_bytes", out->bytes);
	integer(m, "prof_jvm_socket_io_write_time", out->total);
}

static void
heap_metrics(struct making *m, const struct java *j)
{
	const struct sum *gc = &j->sums[COLLECTION], *pause = &j->sums[PAUSE];

	real(m, "prof_jvm_avg_gc_pause_time", gc->count == 0 ? 0 :
	    (double)gc->total / (double)gc->count);
	integer(m, "prof_jvm_gc_pause_time", pause->total);
	rate(m, "prof_jvm_gc_pauses_per_sec", (double)pause->count);
	integer(m, "prof_jvm_lifetime_heap_bytes", j->heap);
	integer(m, "prof_jvm_lifetime_heap_objects",
	    j->sums[LIVE_OBJECT].count);
	integer(m, "prof_jvm_max_gc_pause_time", pause->most);
}

/* Nanoseconds of CPU: each sample stands for an interval, or for several. */
static double
cpu_time(const struct java *j)
{
	int64_t interval = j->cpu_interval, ns;

	if (__builtin_mul_overflow(j->sums[EXECUTION].total,
	    interval != 0 ? interval : CPU_INTERVAL, &ns))
		return (0);
	return ((double)ns);
}

static int
name_order(const void *a, const void *b)
{
	const struct java_metric *x = a, *y = b;

	return (strcmp(x->name, y->name));
}

size_t
java_metrics(const struct java *j, int64_t start, int64_t end,
    struct java_metric metrics[JAVA_METRICS])
{
	const struct sum *s = j->sums;
	struct making made = { metrics, 0 }, *m = &made;
	int64_t ns, whole;

	if (__builtin_sub_overflow(end, start, &ns) || ns < 0)
		ns = 0;
	/* As Go makes seconds of it, to the last bit. */
	whole = ns / WHEN_SECOND;
	m->seconds = (double)whole + (double)(ns % WHEN_SECOND) / 1e9;

	rate(m, "prof_jvm_alloc_bytes_per_sec", j->allocated);
	real(m, "prof_jvm_alloc_bytes_total", j->allocated);
	rate(m, "prof_jvm_allocs_per_sec", j->allocations);
	rate(m, "prof_jvm_class_loads_per_sec",
	    (double)s[CLASS_LOADER].count);
	integer(m, "prof_jvm_compilation_time", s[COMPILATION].total);
	real(m, "prof_jvm_context_switches_per_sec",
	    s[SWITCH_RATE].count == 0 ? 0 :
	    j->switch_rates / (double)s[SWITCH_RATE].count);
	if (ns > 0)
		real(m, "prof_jvm_cpu_cores", cpu_time(j) / (double)ns);
	rate(m, "prof_jvm_direct_alloc_bytes_per_sec",
	    (double)s[DIRECT].total);
	file_metrics(m, &s[FILE_READ], &s[FILE_WRITE]);
	heap_metrics(m, j);
	real(m, "prof_jvm_locks_max_wait_time", (double)s[LOCK].most);
	rate(m, "prof_jvm_locks_per_sec", (double)s[LOCK].count);
	socket_metrics(m, &s[SOCKET_READ], &s[SOCKET_WRITE]);
	rate(m, "prof_jvm_threads_created_per_sec",
	    (double)s[THREAD_START].count);
	integer(m, "prof_jvm_threads_deadlocked", s[DEADLOCK].count);
	rate(m, "prof_jvm_throws_per_sec", (double)s[EXCEPTION].count);
	integer(m, "prof_jvm_throws_total", s[EXCEPTION].count);
	if (j->started != 0)
		integer(m, "prof_jvm_uptime_nanoseconds",
		    plus(end, -j->started));
	qsort(metrics, (size_t)(m->next - metrics), sizeof(*metrics),
	    name_order);
	return ((size_t)(m->next - metrics));
}
