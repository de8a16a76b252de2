#include "pprof_wire.h"

#include <string.h>

#define FIELD_MAX	((1U << 29) - 1)	/* the highest field number */

const unsigned char *
pprof_varint_long(const unsigned char *p, const unsigned char *end,
    uint64_t *v)
{
	unsigned int shift;

	*v = 0;
	for (shift = 0; shift < 63; shift += 7) {
		if (p == end)
			return (NULL);
		*v |= (uint64_t)(*p & 0x7f) << shift;
		if (*p++ < 0x80)
			return (p);
	}
	/* Of a tenth byte one bit is left. */
	if (p == end || *p > 1)
		return (NULL);
	*v |= (uint64_t)*p << 63;
	return (p + 1);
}

int
pprof_field_long(struct pprof_wire *w, struct pprof_field *f, const char **why)
{
	const unsigned char *p = w->at;
	uint64_t u;

	if (p == w->end)
		return (0);
	*why = "a number is cut short or over 64 bits";
	if ((p = pprof_varint_at(p, w->end, &u)) == NULL)
		return (-1);
	if (u >> 3 == 0 || u >> 3 > FIELD_MAX) {
		*why = "a field number is out of range";
		return (-1);
	}
	f->number = (uint32_t)(u >> 3);
	f->type = u & 7;
	f->in.at = p;
	switch (f->type) {
	case PPROF_VARINT:
		if ((p = pprof_varint_at(p, w->end, &f->v)) == NULL)
			return (-1);
		f->in.end = w->at = p;
		return (1);
	case PPROF_BYTES:
		if ((p = pprof_varint_at(p, w->end, &u)) == NULL)
			return (-1);
		break;
	case PPROF_FIXED64:
	case PPROF_FIXED32:
		u = f->type == PPROF_FIXED64 ? 8 : 4;
		break;
	default:
		*why = "a field has an unknown wire type";
		return (-1);
	}
	*why = "a field is cut short";
	if (u > (uint64_t)(w->end - p))
		return (-1);
	f->in.at = p;
	f->in.end = w->at = p + u;
	return (1);
}

int
pprof_type_wrong(const char **why)
{
	*why = "a field has the wrong wire type";
	return (-1);
}

int
pprof_scalars(struct pprof_wire w, uint64_t *v, uint32_t n, const char **why)
{
	struct pprof_field f;
	int more;

	memset(v, 0, n * sizeof(*v));
	while ((more = pprof_field(&w, &f, why)) == 1) {
		if (f.number > n)
			continue;
		if (pprof_number(&f, why) == -1)
			return (-1);
		v[f.number - 1] = f.v;
	}
	return (more);
}
