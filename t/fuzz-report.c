/*
 * What a worker of prof-metrics says, who has read what clients send: a
 * report, within its bounds, or none.
 */
/* parts: cmd/metrics/report.o */
/* covers: cmd/metrics/report.c */
#include <stdint.h>
#include <string.h>

#include "../cmd/metrics/report.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MAX	512

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct report report = { 0 }, again = { 0 };
	const char *p = (const char *)in, *part, *why;
	struct buf bytes = { 0 };
	size_t at = 0, n = 0;
	int result = report_decode(&report, p, len, MAX);

	if (result == 1) {
		must(report.state <= REPORT_TROUBLE);
		must(memchr(report.why, '\0', REPORT_WHY) != NULL);
		must(report.metric.len + report.point.len +
		    report.notes.len <= MAX);
		while (report_next(&report, &at, &part, &why)) {
			must(strlen(part) + strlen(why) < report.notes.len);
			n++;
		}
		must(n == report.nnotes && n <= REPORT_NOTES);
		must(report_encode(&report, &bytes) == 0 &&
		    report_decode(&again, bytes.p, bytes.len, MAX) == 1);
	}
	report_clear(&again);
	report_clear(&report);
	buf_free(&bytes);
	return (0);
}
