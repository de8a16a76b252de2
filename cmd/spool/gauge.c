#include "gauge.h"

#include "buf.h"
#include "expose.h"
#include "manager.h"
#include "queue.h"

int
gauge_write(const struct gauge *g, size_t n, const struct manager *m,
    struct buf *b)
{
	const struct gauge *end = g + n;
	size_t i;

	for (; g < end; g++) {
		if (expose_type(b, g->name, "gauge", g->help) == -1)
			return (-1);
		for (i = 0; i < m->nconsumers; i++)
			if (buf_addf(b, "%s{queue=\"%s\"} %.*f\n", g->name,
			    m->consumers[i]->queue->name, g->digits,
			    g->value(m->consumers[i])) == -1)
				return (-1);
	}
	return (0);
}
