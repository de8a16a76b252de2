#include "flow.h"

#include "when.h"

void
flow_note(struct flow *f, int64_t now, int64_t count)
{
	f->mark[f->n % FLOW_MARKS].at = now;
	f->mark[f->n++ % FLOW_MARKS].count = count;
}

double
flow_rate(const struct flow *f, int64_t span)
{
	size_t known = f->n < FLOW_MARKS ? f->n : FLOW_MARKS, back, first = 0;
	size_t last = (f->n - 1) % FLOW_MARKS, at;
	int64_t ns;

	if (known < 2)
		return (0);
	for (back = 1; back < known; back++) {
		at = (f->n - 1 - back) % FLOW_MARKS;
		if (f->mark[last].at - f->mark[at].at > span)
			break;
		first = back;
	}
	at = (f->n - 1 - first) % FLOW_MARKS;
	ns = f->mark[last].at - f->mark[at].at;
	if (ns <= 0)
		return (0);
	return ((double)(f->mark[last].count - f->mark[at].count) *
	    (double)WHEN_SECOND / (double)ns);
}
