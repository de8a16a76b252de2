/*
 * What prof-metrics' worker makes of any body: it ends well, and its lines are
 * lines. The first byte says whether it is a record's body or a bare profile.
 */
/* parts: cmd/metrics/bare.o cmd/metrics/events.o cmd/metrics/facts.o */
/* parts: cmd/metrics/golang.o */
/* parts: cmd/metrics/java.o cmd/metrics/jvm.o cmd/metrics/metering.o */
/* parts: cmd/metrics/numbers.o cmd/metrics/point.o cmd/metrics/reckon.o */
/* parts: cmd/metrics/report.o cmd/metrics/sheet.o cmd/metrics/stamp.o */
/* parts: cmd/metrics/trace.o cmd/metrics/types.o cmd/metrics/unit.o */
/* covers: cmd/metrics/bare.c cmd/metrics/events.c cmd/metrics/golang.c */
/* covers: cmd/metrics/j*.c cmd/metrics/metering.c cmd/metrics/numbers.c */
/* covers: cmd/metrics/point.c cmd/metrics/reckon.c cmd/metrics/sheet.c */
/* covers: cmd/metrics/trace.c */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cmd/metrics/order.h"
#include "../cmd/metrics/reckon.h"
#include "../cmd/metrics/report.h"
#include "buf.h"
#include "crc32c.h"
#include "file.h"
#include "record.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct order order = { .limits = { .inflated = 1 << 22,
    .ratio = 100, .samples = 10000, .depth = 100, .output = 1 << 16,
    .parts = 64, .part_head = 4096 },
    .kinds = RECORD_METRIC | RECORD_POINT, .name = "x.pprof" };

/* A header in front of a body of the boundary b. */
static void
head(struct buf *out, const uint8_t *body, size_t len)
{
	static char source[] = "recv", type[] = "multipart/form-data; "
	    "boundary=b", received[] = "2026-11-22T10:00:00Z";
	struct record r = { .id = "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11",
	    .kind = RECORD_PROFILE, .source = source, .received = received,
	    .content_type = type };

	record_add(&r, "tag", "odd=a, b=c \\");
	record_add(&r, "global-tag", "host=web-1");
	if (record_encode(&r, out) == -1)
		abort();
	record_seal(out->p, out->len, len, crc32c(0, body, len));
	r.source = r.received = r.content_type = NULL;
	record_clear(&r);
}

/* One line at most, complete, and none of control bytes outside of texts. */
static void
check(const struct buf *lines, const char *measurement)
{
	int quoted = 0, fields = 0;
	size_t i;

	if (lines->len == 0)
		return;
	if (lines->len > order.limits.output ||
	    lines->p[lines->len - 1] != '\n' ||
	    strncmp(lines->p, measurement, strlen(measurement)) != 0)
		abort();
	for (i = 0; i + 1 < lines->len; i++) {
		/* A backslash before anything else is itself. */
		if (lines->p[i] == '\\' && strchr(fields ? "\"\\" : ",= ",
		    lines->p[i + 1]) != NULL)
			i++;
		else if (lines->p[i] == ' ' && !quoted)
			fields = 1;
		else if (lines->p[i] == '"' && fields)
			quoted = !quoted;
		else if ((unsigned char)lines->p[i] < 0x20 && !quoted)
			abort();
	}
	if (quoted)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct report report = { 0 }, again = { 0 };
	struct order wanted = order;
	struct buf front = { 0 }, bytes = { 0 };
	int fd;

	if (len == 0 || (fd = file_temp()) == -1)
		return (0);
	wanted.bare = *p++ & 1;
	len--;
	if (!wanted.bare)
		head(&front, p, len);
	if (file_write(fd, front.p, front.len) == -1 ||
	    file_write(fd, p, len) == -1)
		abort();
	reckon(fd, &wanted, &report);
	close(fd);
	check(&report.metric, "profiling_metrics,");
	check(&report.point, "profile,");
	/* And the parent takes what the worker says. */
	if (report_encode(&report, &bytes) == -1 || report_decode(&again,
	    bytes.p, bytes.len, order.limits.output) != 1)
		abort();
	report_clear(&again);
	report_clear(&report);
	buf_free(&front);
	buf_free(&bytes);
	return (0);
}
