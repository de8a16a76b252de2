#include "histogram.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "buf.h"
#include "expose.h"
#include "when.h"

#define MS		INT64_C(1000000)
#define SIZES		10	/* bounds of sizes; fewer than of times */
#define TIMES		(HISTOGRAM_BUCKETS - 1)

/* A value belongs to the first bound that it is not over. */
static const struct {
	uint64_t	 bound;
	const char	*le;
} times[TIMES] = {
	{ 1 * MS, "0.001" }, { 5 * MS / 2, "0.0025" }, { 5 * MS, "0.005" },
	{ 10 * MS, "0.01" }, { 25 * MS, "0.025" }, { 50 * MS, "0.05" },
	{ 100 * MS, "0.1" }, { 250 * MS, "0.25" }, { 500 * MS, "0.5" },
	{ 1000 * MS, "1" }, { 2500 * MS, "2.5" }, { 5000 * MS, "5" },
	{ 10000 * MS, "10" }, { 30000 * MS, "30" }, { 60000 * MS, "60" },
};

void
histogram_time(struct histogram *h, int64_t ns)
{
	uint64_t value = ns > 0 ? (uint64_t)ns : 0;
	size_t i;

	for (i = 0; i < TIMES && value > times[i].bound; i++)
		;
	h->counts[i]++;
	h->sum += value;
}

void
histogram_size(struct histogram *h, uint64_t bytes)
{
	size_t i;

	for (i = 0; i < SIZES && bytes > UINT64_C(1024) << 2 * i; i++)
		;
	h->counts[i]++;
	h->sum += bytes;
}

/* One line of it: those up to le. */
static int
print_bucket(struct buf *b, const char *name, const char *label,
    const char *le, uint64_t n)
{
	return (buf_addf(b, "%s_bucket{%s%sle=\"%s\"} %" PRIu64 "\n", name,
	    label, *label != '\0' ? "," : "", le, n));
}

/* The end of it: _sum has its value behind it. */
static int
print_end(struct buf *b, const char *name, const char *label, uint64_t n,
    double sum, int digits)
{
	const char *open = *label != '\0' ? "{" : "";
	const char *shut = *label != '\0' ? "}" : "";

	if (print_bucket(b, name, label, "+Inf", n) == -1)
		return (-1);
	return (buf_addf(b, "%s_sum%s%s%s %.*f\n%s_count%s%s%s %" PRIu64 "\n",
	    name, open, label, shut, digits, sum, name, open, label, shut, n));
}

int
histogram_print_times(const struct histogram *h, struct buf *b,
    const char *name, const char *label, const char *help)
{
	uint64_t n = 0;
	size_t i;

	if (expose_type(b, name, "histogram", help) == -1)
		return (-1);
	for (i = 0; i < TIMES; i++) {
		n += h->counts[i];
		if (print_bucket(b, name, label, times[i].le, n) == -1)
			return (-1);
	}
	return (print_end(b, name, label, n + h->counts[TIMES],
	    (double)h->sum / (double)WHEN_SECOND, 9));
}

int
histogram_print_sizes(const struct histogram *h, struct buf *b,
    const char *name, const char *label, const char *help)
{
	char le[24];
	uint64_t n = 0;
	size_t i;

	if (expose_type(b, name, "histogram", help) == -1)
		return (-1);
	for (i = 0; i < SIZES; i++) {
		n += h->counts[i];
		snprintf(le, sizeof(le), "%" PRIu64, UINT64_C(1024) << 2 * i);
		if (print_bucket(b, name, label, le, n) == -1)
			return (-1);
	}
	return (print_end(b, name, label, n + h->counts[SIZES],
	    (double)h->sum, 0));
}
