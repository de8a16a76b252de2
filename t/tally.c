#include "tally.h"

#include <stdio.h>
#include <stdlib.h>

#define STEP	4096

int
tally_answer(struct tally *t, int status, int64_t ns)
{
	uint32_t *p;

	t->status[status]++;
	if (status != 200) {
		t->refused++;
		return (0);
	}
	t->acked++;
	if (t->samples % STEP == 0) {
		p = reallocarray(t->sample, t->samples + STEP, sizeof(*p));
		if (p == NULL)
			return (-1);
		t->sample = p;
	}
	t->sample[t->samples++] = (uint32_t)(ns / 1000);
	return (0);
}

static int
tally_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y ? -1 : x > y);
}

/* Milliseconds that so many percent of the answers did not exceed. */
static double
tally_percentile(const struct tally *t, size_t percent)
{
	size_t rank = t->samples * percent / 100;

	return (t->samples == 0 ? 0 : t->sample[rank] / 1e3);
}

void
tally_print(struct tally *t, int64_t ns)
{
	double s = (double)ns / 1e9;
	size_t i;

	if (t->samples != 0)
		qsort(t->sample, t->samples, sizeof(t->sample[0]),
		    tally_order);
	printf("begun=%llu acked=%llu refused=%llu retried=%llu lost=%llu "
	    "seconds=%.2f per_second=%.0f mb_per_second=%.1f p50_ms=%.2f "
	    "p99_ms=%.2f", (unsigned long long)t->begun,
	    (unsigned long long)t->acked, (unsigned long long)t->refused,
	    (unsigned long long)t->retried, (unsigned long long)t->lost, s,
	    (double)t->acked / s, (double)t->bytes / s / 1e6,
	    tally_percentile(t, 50), tally_percentile(t, 99));
	for (i = 0; i < sizeof(t->status) / sizeof(t->status[0]); i++)
		if (t->status[i] != 0)
			printf(" %zu=%u", i, t->status[i]);
	putchar('\n');
	free(t->sample);
}
