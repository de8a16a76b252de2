/* What passes between prof-metrics and its worker, and what it remembers. */
/* parts: cmd/metrics/kills.o cmd/metrics/order.o cmd/metrics/report.o */
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../cmd/metrics/kills.h"
#include "../cmd/metrics/order.h"
#include "../cmd/metrics/report.h"
#include "buf.h"
#include "ok.h"

static void
filled(struct report *r)
{
	memset(r, 0, sizeof(*r));
	report_say(r, REPORT_BAD, "%s", "no profile");
	buf_adds(&r->metric, "m f=1i 1\n");
	buf_adds(&r->point, "profile f=2i 2\n");
	report_note(r, "cpu.pprof", "cut short");
	report_note(r, "cpu.pprof", "cut short");
	report_note(r, "", "");
}

static void
round_trip(void)
{
	struct report a, b = { 0 };
	struct buf bytes = { 0 };
	const char *part, *why;
	size_t at = 0, i;
	int early = 0;

	filled(&a);
	report_encode(&a, &bytes);
	for (i = 0; i < bytes.len; i++)
		early |= report_decode(&b, bytes.p, i, 100) != 0;
	ok(!early, "a report that has not all come is waited for");
	ok(report_decode(&b, bytes.p, bytes.len, 100) == 1 &&
	    b.state == REPORT_BAD && strcmp(b.why, "no profile") == 0 &&
	    b.metric.len == 9 && memcmp(b.metric.p, "m f=1i 1\n", 9) == 0 &&
	    b.point.len == 15, "it comes back as it was");
	ok(b.nnotes == 2 && report_next(&b, &at, &part, &why) == 1 &&
	    strcmp(part, "cpu.pprof") == 0 && strcmp(why, "cut short") == 0 &&
	    report_next(&b, &at, &part, &why) == 1 && *part == '\0' &&
	    report_next(&b, &at, &part, &why) == 0,
	    "a note that is the same again is not said");
	report_clear(&b);
	ok(report_decode(&b, bytes.p, bytes.len, 14) == -1,
	    "lines over the bound are none");
	buf_addc(&bytes, 'x');
	ok(report_decode(&b, bytes.p, bytes.len, 100) == -1,
	    "nor is what has bytes behind it");
	report_clear(&a);
	report_clear(&b);
	buf_free(&bytes);
}

/* Every byte of it changed: refused, waited for, or taken within bounds. */
static void
hostile(void)
{
	struct report a, b = { 0 };
	struct buf bytes = { 0 };
	const char *part, *why;
	size_t i, at;
	int v, good = 1;
	unsigned int n;

	filled(&a);
	report_encode(&a, &bytes);
	for (i = 0; i < bytes.len; i++)
		for (v = 1; v < 256; v <<= 1) {
			bytes.p[i] ^= (char)v;
			if (report_decode(&b, bytes.p, bytes.len, 100) == 1) {
				n = 0;
				at = 0;
				while (report_next(&b, &at, &part, &why))
					n++;
				good &= at == b.notes.len && n == b.nnotes &&
				    b.metric.len <= 100 && b.point.len <= 100;
			}
			report_clear(&b);
			bytes.p[i] ^= (char)v;
		}
	ok(good, "what a worker makes up is refused or within bounds");
	report_clear(&a);
	buf_free(&bytes);
}

static void
many_notes(void)
{
	struct report r = { 0 };
	char part[2000];
	int i;

	memset(part, 'x', sizeof(part) - 1);
	part[sizeof(part) - 1] = '\0';
	for (i = 0; i < 1000; i++) {
		part[0] = (char)('a' + i % 26);
		report_note(&r, part, part);
	}
	ok(r.nnotes == REPORT_NOTES &&
	    r.notes.len <= (size_t)REPORT_NOTES * REPORT_NOTE,
	    "notes are bounded in number and length");
	report_clear(&r);
}

static void
orders(void)
{
	struct order sent = { .kinds = 6, .name = "x" }, got;
	int pair[2], fd = open("/dev/null", O_RDONLY), other = -1;

	if (fd == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1) {
		ok(0, "a socket pair");
		return;
	}
	ok(order_send(pair[0], &sent, fd) == 0 &&
	    order_receive(pair[1], &got, &other) == 1 && got.kinds == 6 &&
	    strcmp(got.name, "x") == 0 && other != -1 && other != fd &&
	    fcntl(other, F_GETFD) == FD_CLOEXEC,
	    "an order comes with a descriptor of its own");
	ok(write(pair[0], &sent, sizeof(sent)) == (ssize_t)sizeof(sent) &&
	    order_receive(pair[1], &got, &other) == -1 && errno == EPROTO,
	    "without one it is none");
	close(pair[0]);
	ok(order_receive(pair[1], &got, &other) == 0,
	    "the other end has gone");
	close(pair[1]);
	close(fd);
}

static void
kills(void)
{
	struct kills *k = kills_new();
	char id[64];
	int i;

	ok(kills_add(k, "a") == 1 && kills_add(k, "b") == 1 &&
	    kills_add(k, "a") == 2 && kills_add(k, "a") == 3,
	    "each record's are counted");
	kills_forget(k, "a");
	kills_forget(k, "c");
	ok(kills_add(k, "a") == 1 && kills_add(k, "b") == 2,
	    "and forgotten alone");
	for (i = 0; i < KILLS_MAX - 2; i++) {
		snprintf(id, sizeof(id), "n%d", i);
		kills_add(k, id);
	}
	ok(kills_add(k, "a") == 2, "so many are remembered");
	for (i = 0; i < KILLS_MAX; i++) {
		snprintf(id, sizeof(id), "m%d", i);
		kills_add(k, id);
	}
	ok(kills_add(k, "a") == 1, "and no more");
	kills_free(k);
}

int
main(void)
{
	round_trip();
	hostile();
	many_notes();
	orders();
	kills();
	return (failed);
}
