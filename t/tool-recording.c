/*
 * recording - what common/jfr reads in a JFR recording, and how fast
 *
 * usage:  recording [-n N] [-S start] [-E end] FILE
 *         recording -e FILE
 *         recording FILE EVENT [FIELD ...]
 *         The metrics of a Java program, "name value" with an i behind
 *         integers; -S and -E say when its profile began and ended, in
 *         nanoseconds since 1970 (the first chunk's start, and the sum of all
 *         that they last). FILE may be compressed.
 *         -e      event types: count, bytes, name, as jfr(1) summary
 *         EVENT   values of its fields, an event a line, with tabs between;
 *                 a time with ns behind it, and - where there is none
 *         -n      read so often, and print what it took instead
 * exits:  0, with a note on standard error where the recording is incomplete;
 *         100 it cannot be read; 111 the file, or memory; 2 usage
 */
/* parts: cmd/metrics/java.o */
#include <sys/resource.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cmd/metrics/java.h"
#include "buf.h"
#include "file.h"
#include "inflate.h"
#include "jfr.h"
#include "when.h"

#define MOST	(1024 * 1024 * 1024)

static const struct jfr_limits limits = JFR_LIMITS;

static void
usage(void)
{
	fprintf(stderr, "usage: recording [-e] [-n N] [-S start] [-E end] "
	    "FILE [EVENT [FIELD ...]]\n");
	exit(2);
}

/* The file, inflated. */
static void
load(const char *path, struct buf *b)
{
	static const struct inflate_limits most = { MOST, 0 };
	struct buf file = { 0 };
	const char *why;

	if (file_slurp(AT_FDCWD, path, MOST, &file) == -1)
		err(111, "%s", path);
	if (inflate_format(file.p, file.len) == INFLATE_NONE) {
		*b = file;
		return;
	}
	if (inflate_whole(file.p, file.len, &most, b, &why) == -1)
		errx(100, "%s: %s", path, why);
	buf_free(&file);
}

/* why is only known when what gives status is through. */
static void
check(int status, const struct jfr_report *report, const char *const *why)
{
	if (status == -1)
		errx(errno == ENOMEM ? 111 : 100, "%s", *why);
	if (report->note != NULL)
		warnx("%s", report->note);
}

static void
list(const struct buf *b)
{
	struct jfr_tally *t;
	struct jfr_report report;
	struct buf name = { 0 };
	const char *why = NULL;
	size_t n = 0, i;

	check(jfr_list(b->p, b->len, &limits, &t, &n, &report, &why), &report,
	    &why);
	for (i = 0; i < n; i++) {
		name.len = 0;
		if (jfr_text_utf8(&t[i].name, &name) == -1 ||
		    buf_str(&name) == NULL)
			err(111, "memory");
		printf("%" PRIu64 " %" PRIu64 " %s\n", t[i].count, t[i].bytes,
		    t[i].name.form == JFR_NULL ? "?" : name.p);
	}
	free(t);
	buf_free(&name);
}

static int
on_event(size_t wish, const struct jfr_value *v, void *arg)
{
	const struct jfr_wish *w = arg;
	struct buf text = { 0 };
	unsigned int i;

	(void)wish;
	for (i = 0; w->fields[i] != NULL; i++, v++) {
		if (i > 0)
			putchar('\t');
		if (v->kind == JFR_NONE ||
		    (v->kind == JFR_TEXT && v->text.form == JFR_NULL))
			putchar('-');
		else if (v->kind == JFR_REAL)
			printf("%.17g", v->real);
		else if (v->kind == JFR_INTEGER)
			printf("%" PRId64 "%s", v->integer,
			    v->unit == JFR_SPAN || v->unit == JFR_TIME ?
			    "ns" : "");
		else if (jfr_text_utf8(&v->text, &text) == 0) {
			fwrite(text.p, 1, text.len, stdout);
			text.len = 0;
		}
	}
	putchar('\n');
	buf_free(&text);
	return (0);
}

static void
values(const struct buf *b, char *const *names)
{
	struct jfr_wish wish = { .event = *names++ };
	struct jfr_report report;
	const char *why = NULL;
	unsigned int i;

	for (i = 0; names[i] != NULL; i++) {
		if (i == JFR_FIELDS)
			usage();
		wish.fields[i] = names[i];
	}
	check(jfr_read(b->p, b->len, &wish, 1, &limits, on_event, &wish,
	    &report, &why), &report,
	    &why);
}

static void
metrics(const struct buf *b, int64_t start, int64_t end)
{
	struct java_metric m[JAVA_METRICS];
	struct java *j = java_new();
	struct jfr_report report;
	const char *why = NULL;
	size_t n, i;

	if (j == NULL)
		err(111, "memory");
	check(java_add(j, b->p, b->len, &limits, &report, &why), &report,
	    &why);
	if (start == 0)
		start = report.start;
	if (end == 0)
		end = start + report.duration;
	n = java_metrics(j, start, end, m);
	for (i = 0; i < n; i++) {
		if (m[i].is_real)
			printf("%s %.17g\n", m[i].name, m[i].real);
		else
			printf("%s %" PRId64 "i\n", m[i].name, m[i].integer);
	}
	java_free(j);
}

static double
cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ((double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
}

/* All that the metrics are made of, n times. */
static void
measure(const struct buf *b, long n)
{
	double began = cpu(), took;
	int64_t since = when_mono();
	struct jfr_report report;
	struct rusage u;
	struct java *j;
	const char *why = NULL;
	long i;

	for (i = 0; i < n; i++) {
		if ((j = java_new()) == NULL)
			err(111, "memory");
		check(java_add(j, b->p, b->len, &limits, &report, &why),
		    &report, &why);
		java_free(j);
	}
	took = cpu() - began;
	getrusage(RUSAGE_SELF, &u);
	printf("mb_per_second=%.0f cpu_s=%.3f wall_s=%.3f bytes=%zu "
	    "peak_kib=%ld\n",
	    (double)b->len * (double)n / 1e6 / took, took,
	    (double)(when_mono() - since) / 1e9, b->len, u.ru_maxrss);
}

int
main(int argc, char **argv)
{
	int64_t start = 0, end = 0;
	struct buf b = { 0 };
	int c, listing = 0;
	long n = 0;

	while ((c = getopt(argc, argv, "eE:n:S:")) != -1) {
		switch (c) {
		case 'e':	listing = 1; break;
		case 'E':	end = strtoll(optarg, NULL, 10); break;
		case 'n':	n = strtol(optarg, NULL, 10); break;
		case 'S':	start = strtoll(optarg, NULL, 10); break;
		default:	usage();
		}
	}
	if (optind == argc)
		usage();
	load(argv[optind], &b);
	if (argc - optind > 1)
		values(&b, argv + optind + 1);
	else if (listing)
		list(&b);
	else if (n > 0)
		measure(&b, n);
	else
		metrics(&b, start, end);
	buf_free(&b);
	return (0);
}
