/* parts: t/heap.o t/invent.o t/proto.o t/stacks.o t/written.o */
/*
 * pprof - look at profiles, and make some, for tests
 *
 * usage:  pprof sums FILE            what pprof_sums says, a fact a line
 *         pprof stacks FILE          see stacks.h
 *         pprof trace FILE           what pprof_trace says
 *         pprof rewrite FILE         read it and write it again
 *         pprof delta KIND PREV CUR  KIND: heap (and allocs), or mutex (and
 *                                    block)
 *         pprof heap SAMPLES AGE     see heap.h
 *         pprof invent SEED WHICH    see invent.h: the plain one, 0 or 1
 *         pprof time N COMMAND ...   do inflate FILE, sums FILE, rewrite FILE
 *                                    or delta N times, and say how many CPU
 *                                    seconds one took, the files being
 *                                    inflated before
 * reads:  FILE as it is or compressed
 * writes: to standard output; profiles plain
 * exits:  0; 1: the delta's verdict is another one (said); 2 usage; 100 not
 *         readable, malformed; 111 no memory, output failed
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "delta.h"
#include "heap.h"
#include "inflate.h"
#include "invent.h"
#include "pprof.h"
#include "pprof_trace.h"
#include "stacks.h"
#include "written.h"

static const struct pprof_limits limits = PPROF_LIMITS;

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "pprof: %s: %s\n", what, why);
	exit(strcmp(why, "out of memory") == 0 ? 111 : 100);
}

static struct buf
read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = { 0 };
	size_t n;

	if (f == NULL)
		die(path, strerror(errno));
	do {
		if (buf_reserve(&b, 65536) == -1)
			die(path, "out of memory");
		n = fread(b.p + b.len, 1, 65536, f);
		b.len += n;
	} while (n != 0);
	if (ferror(f))
		die(path, strerror(errno));
	fclose(f);
	return (b);
}

static struct buf
inflate_file(const char *path, const struct buf *in)
{
	static const struct inflate_limits most = { 1 << 30, 0 };
	struct buf out = { 0 };
	const char *why;

	if (inflate_whole(in->p, in->len, &most, &out, &why) == -1)
		die(path, why);
	return (out);
}

static void
say_type(struct buf *out, const char *what, const struct pprof_type *t)
{
	buf_addf(out, "%s%.*s/%.*s", what, (int)t->type.len, t->type.p,
	    (int)t->unit.len, t->unit.p);
}

static void
sums(const char *path, const struct buf *in, struct buf *out)
{
	struct pprof_sums s;
	const char *why;
	size_t i;

	if (pprof_sums(in->p, in->len, &limits, &s, &why) == -1)
		die(path, why);
	for (i = 0; i < s.head.types; i++) {
		say_type(out, "", &s.head.type[i]);
		buf_addf(out, " %" PRId64 "\n", s.sum[i]);
	}
	buf_addf(out, "samples %" PRIu64 "\ntime %" PRId64 "\nduration %"
	    PRId64 "\nperiod %" PRId64 "\n", s.head.samples, s.head.time,
	    s.head.duration, s.head.period);
	say_type(out, "period type ", &s.head.period_type);
	buf_addf(out, "\ndefault type %.*s\nnegative %d\n",
	    (int)s.head.default_type.len, s.head.default_type.p, s.negative);
}

static struct pprof *
open_or_die(const char *path, const struct buf *in)
{
	struct pprof *p;
	const char *why;

	if ((p = pprof_open(in->p, in->len, &limits, &why)) == NULL)
		die(path, why);
	return (p);
}

static void
stacks(const char *path, const struct buf *in, struct buf *out)
{
	struct pprof *p = open_or_die(path, in);
	const char *why;

	if (stacks_print(p, out, &why) == -1)
		die(path, why);
	pprof_free(p);
}

static void
trace(const char *path, const struct buf *in, struct buf *out)
{
	static const char *const names[] = { "endpoint", "trace", "span",
	    "root span" };
	struct pprof *p = open_or_die(path, in);
	struct pprof_trace t;
	const char *why;
	int i, any;

	if ((any = pprof_trace(p, &t, &why)) == -1)
		die(path, why);
	for (i = 0; any && i < PPROF_TRACE_LABELS; i++)
		buf_addf(out, "%s %.*s\n", names[i], (int)t.label[i].len,
		    t.label[i].p);
	pprof_free(p);
}

static int
delta(const char *kind, const struct buf *prev, const struct buf *cur,
    struct buf *out)
{
	static const struct pprof_type types[2][2] = {
	    { { { "alloc_objects", 13 }, { "count", 5 } },
	    { { "alloc_space", 11 }, { "bytes", 5 } } },
	    { { { "contentions", 11 }, { "count", 5 } },
	    { { "delay", 5 }, { "nanoseconds", 11 } } } };
	const char *why;

	switch (delta_make(prev->p, prev->len, cur->p, cur->len,
	    types[strcmp(kind, "heap") != 0], 2, &limits, out, &why)) {
	case DELTA_MADE:
		return (0);
	case DELTA_RESTARTED:
		fprintf(stderr, "restarted: %s\n", why);
		return (1);
	case DELTA_ALREADY:
		fprintf(stderr, "already: %s\n", why);
		return (1);
	default:
		die("delta", why);
	}
	return (100);
}

/* A command of one file, which is inflated unless that is the command. */
static int
run(const char *command, const char *path, const struct buf *in,
    struct buf *out)
{
	struct buf plain;

	if (strcmp(command, "inflate") == 0) {
		plain = inflate_file(path, in);
		buf_free(&plain);
	} else if (strcmp(command, "sums") == 0)
		sums(path, in, out);
	else if (strcmp(command, "stacks") == 0)
		stacks(path, in, out);
	else if (strcmp(command, "trace") == 0)
		trace(path, in, out);
	else if (strcmp(command, "rewrite") == 0)
		return (written_again(in, 0, out) == -1 ? 100 : 0);
	else
		return (2);
	return (0);
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return ((double)t.tv_sec + (double)t.tv_nsec / 1e9);
}

/* A command with its arguments, so often; how long all of them took. */
static int
run_times(long times, char **argv, int argc, struct buf *out, double *took)
{
	struct buf in[2] = { { 0 }, { 0 } }, file;
	int i, result = 0, is_delta = strcmp(argv[0], "delta") == 0;

	if (argc != (is_delta ? 4 : 2))
		return (2);
	for (i = 0; i < (is_delta ? 2 : 1); i++) {
		in[i] = read_file(argv[i + (is_delta ? 2 : 1)]);
		if (strcmp(argv[0], "inflate") == 0)
			continue;
		file = in[i];
		in[i] = inflate_file(argv[i + (is_delta ? 2 : 1)], &file);
		buf_free(&file);
	}
	*took = -cpu_seconds();
	for (; times > 0 && result == 0; times--) {
		out->len = 0;
		result = is_delta ? delta(argv[1], &in[0], &in[1], out) :
		    run(argv[0], argv[1], &in[0], out);
	}
	*took += cpu_seconds();
	buf_free(&in[0]);
	buf_free(&in[1]);
	return (result);
}

static int
invent_file(uint64_t seed, int which, struct buf *out)
{
	struct program *program = invent(seed, 1);
	int i;

	for (i = 0; i <= which; i++) {
		buf_free(out);
		*out = invent_profile(program, i);
	}
	free(program);
	return (0);
}

int
main(int argc, char **argv)
{
	struct buf out = { 0 };
	double took = 0;
	long times = 1;
	int result;

	if (argc > 3 && strcmp(argv[1], "heap") == 0)
		result = heap_make(&out, (size_t)atol(argv[2]), 1,
		    (unsigned int)atoi(argv[3])) == -1 ? 111 : 0;
	else if (argc > 3 && strcmp(argv[1], "invent") == 0)
		result = invent_file(strtoull(argv[2], NULL, 10),
		    atoi(argv[3]), &out);
	else if (argc > 3 && strcmp(argv[1], "time") == 0) {
		times = atol(argv[2]);
		result = run_times(times, argv + 3, argc - 3, &out, &took);
		out.len = 0;
		buf_addf(&out, "%.6f\n", took / (double)times);
	} else
		result = argc < 2 ? 2 :
		    run_times(1, argv + 1, argc - 1, &out, &took);
	if (result == 0 && out.len > 0 &&
	    (fwrite(out.p, 1, out.len, stdout) != out.len ||
	    fflush(stdout) == EOF))
		result = 111;
	buf_free(&out);
	return (result);
}
