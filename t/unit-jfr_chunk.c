/* parts: t/recording.o t/recorded.o */
#include "jfr.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "recorded.h"
#include "recording.h"

static int
count(size_t wish, const struct jfr_value *v, void *arg)
{
	(void)wish;
	(void)v;
	++*(int *)arg;
	return (0);
}

static void
chunks(void)
{
	struct recording r = { 0 };
	struct jfr_report report;
	const char *why;
	int n = 0;

	recorded_read(&r, SECOND, 0, "50", 100);
	recorded_read(&r, SECOND, 0, "51", 200);
	recorded_read(&r, SECOND / 10, 1, "-3", 100);
	recorded_read(&r, SECOND * 2, 0, "9223372036854775807", 100);
	ok(recorded_is(&r, recorded_reads, 1, "100ns ; 200ns ; 1000ns ; 50ns ; "),
	    "each chunk has its own types, clock and integers");
	ok(jfr_read(r.out.p, r.out.len, recorded_reads, 1, &recorded_limits, count, &n,
	    &report, &why) == 0 && n == 4 && report.chunks == 4 &&
	    report.undecoded == 0 && report.major == 2 && report.minor == 1 &&
	    report.start == RECORDING_START && report.duration == 4 * SECOND,
	    "the report has version, chunks, start and duration");
	recording_free(&r);

	recording_begin(&r, SECOND, 0);
	recording_types(&r, "event 50 jdk.FileRead\n field duration 1\n"
	    "event 51 jdk.FileRead\n field x 2\n field duration 2\n"
	    "event 50 jdk.FileRead\n field x 1\n field duration 1\n"
	    "event 9999 jdk.FileRead\n field duration 1\n"
	    "event 9999 jdk.FileRead\n field x 1\n field duration 1\n"
	    "type 52 jdk.FileRead\n field duration 1\n"
	    "event 0 jdk.FileRead\n field duration 1\n" RECORDED_BASES);
	recording_event(&r, 51);
	recording_int(&r, 1);
	recording_int(&r, 2);
	recording_over(&r);
	recording_event(&r, 50);
	recording_long(&r, 3);
	recording_long(&r, 4);
	recording_over(&r);
	recording_event(&r, 9999);
	recording_long(&r, 6);
	recording_long(&r, 7);
	recording_over(&r);
	recording_event(&r, 52);
	recording_long(&r, 5);
	recording_over(&r);
	recording_end(&r);
	ok(recorded_is(&r, recorded_reads, 1, "2 ; 4 ; 7 ; "),
	    "two types of one name are both read, and no other but events");
	recording_free(&r);
}

/* Cut anywhere, it gives what it gave whole, or less, and says so. */
static void
truncation(void)
{
	struct recording r = { 0 };
	char *s, *copy;
	size_t len;
	int good = 1;

	recorded_read(&r, SECOND, 0, "50", 100);
	recorded_read(&r, SECOND, 0, "50", 200);
	for (len = 0; len < r.out.len && good; len++) {
		/* Of just that length, so that a sanitizer sees more. */
		if ((copy = malloc(len > 0 ? len : 1)) == NULL)
			abort();
		memcpy(copy, r.out.p, len);
		s = recorded(copy, len, recorded_reads, 1, &recorded_limits);
		if (len == r.chunk)
			good = strcmp(s, "100ns ; ") == 0;
		else if (len < r.chunk)
			good = *s == '!';
		else
			good = strstr(s, "100ns ; ~") == s;
		if (!good)
			printf("# at %zu: %s\n", len, s);
		free(s);
		free(copy);
	}
	ok(good, "a recording cut anywhere gives what is whole, or says so");
	recording_free(&r);
}

/* Chunks that describe the same, each with a constant of its own. */
static void
constants(void)
{
	static const struct jfr_wish wish = { "app.Text", { "a", "b.n" } };
	static const char *const texts[] = { "one", "two", "three" };
	struct recording r = { 0 };
	int i, pool;

	for (i = 0; i < 3; i++) {
		recording_begin(&r, SECOND, 0);
		recording_types(&r, RECORDED_BASES
		    "event 50 app.Text\n field a 9\n field b 60 pooled\n"
		    "type 60 app.B\n field x 1 array\n field n 1\n");
		recording_event(&r, 50);
		recording_text(&r, 2, "70");
		recording_long(&r, 80);
		recording_over(&r);
		recording_checkpoint(&r, 2);
		for (pool = i; pool < i + 2; pool++) {
			recording_pool(&r, pool % 2 ? 60 : 9, 1);
			recording_long(&r, pool % 2 ? 80 : i < 2 ? 70 : 71);
			if (pool % 2 == 0)
				recording_text(&r, 3, texts[i]);
			else {
				recording_int(&r, 0);
				recording_long(&r, i);
			}
		}
		recording_over(&r);
		recording_end(&r);
	}
	ok(recorded_is(&r, &wish, 1, "'one' 0 ; 'two' 1 ; - 2 ; "),
	    "each chunk has its own constants");
	recording_free(&r);
}

static int
stop(size_t wish, const struct jfr_value *v, void *arg)
{
	(void)wish;
	(void)v;
	return (++*(int *)arg == 2 ? -1 : 0);
}

static void
stopping(void)
{
	struct recording r = { 0 };
	struct jfr_report report;
	const char *why = "";
	int n = 0;

	recording_begin(&r, SECOND, 0);
	recording_types(&r, "event 50 jdk.FileRead\n field duration 1\n"
	    RECORDED_BASES);
	for (; n < 5; n++) {
		recording_event(&r, 50);
		recording_long(&r, n);
		recording_over(&r);
	}
	recording_end(&r);
	n = 0;
	ok(jfr_read(r.out.p, r.out.len, recorded_reads, 1, &recorded_limits,
	    stop, &n, &report, &why) == -1 && n == 2 && why == NULL,
	    "who is told events can end it");
	recording_free(&r);
}

static void
listing(void)
{
	struct recording r = { 0 };
	struct jfr_tally *t = NULL;
	struct jfr_report report;
	struct buf b = { 0 };
	const char *why;
	size_t n, i;

	recorded_read(&r, SECOND, 0, "50", 100);
	recorded_read(&r, SECOND, 0, "51", 1000);
	recording_begin(&r, SECOND, 0);
	recording_types(&r, "event 50 app.Never\n");
	recording_checkpoint(&r, 0);
	recording_over(&r);
	recording_end(&r);
	recorded_read(&r, SECOND, 0, "52", 1000);
	/* Cut within its metadata. */
	r.out.len = r.chunk + (size_t)r.metadata + 3;
	if (jfr_list(r.out.p, r.out.len, &recorded_limits, &t, &n, &report,
	    &why) == 0) {
		for (i = 0; i < n; i++) {
			buf_addf(&b, "%" PRIu64 " %" PRIu64 " ", t[i].count,
			    t[i].bytes);
			jfr_text_utf8(&t[i].name, &b);
			buf_addc(&b, ';');
		}
		buf_addf(&b, "%s", report.note);
	}
	/* Types not described: 4000, and those of the last chunk. */
	ok(buf_str(&b) != NULL && strcmp(b.p, "4 28 ;3 1442 jdk.Metadata;"
	    "2 13 jdk.FileRead;1 11 jdk.CheckPoint;0 0 app.Never;"
	    "a chunk ends before the description of its types") == 0,
	    "types are listed by name, with counts and bytes, of all chunks");
	free(t);
	buf_free(&b);
	recording_free(&r);
}

int
main(void)
{
	chunks();
	constants();
	truncation();
	stopping();
	listing();
	return (failed);
}
