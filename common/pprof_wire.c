#include "pprof_wire.h"

#include <string.h>

#define FIELD_MAX	((1U << 29) - 1)	/* the highest field number */

static const char malformed[] = "a number is cut short or over 64 bits";
static const char cut[] = "a field is cut short";

int
pprof_varint_long(struct pprof_wire *w, uint64_t *v)
{
	const unsigned char *p = w->at;
	unsigned int shift;
	uint64_t u = 0;

	for (shift = 0; shift < 63; shift += 7) {
		if (p == w->end)
			return (-1);
		u |= (uint64_t)(*p & 0x7f) << shift;
		if (*p++ < 0x80)
			goto out;
	}
	/* Of a tenth byte one bit is left. */
	if (p == w->end || *p > 1)
		return (-1);
	u |= (uint64_t)*p++ << 63;
out:
	w->at = p;
	*v = u;
	return (0);
}

static int
pprof_take(struct pprof_wire *w, uint64_t len, struct pprof_field *f)
{
	if (len > (uint64_t)(w->end - w->at))
		return (-1);
	f->in.at = w->at;
	w->at += len;
	f->in.end = w->at;
	return (0);
}

int
pprof_field(struct pprof_wire *w, struct pprof_field *f, const char **why)
{
	uint64_t u;

	if (w->at == w->end)
		return (0);
	*why = malformed;
	if (pprof_varint(w, &u) == -1)
		return (-1);
	if (u >> 3 == 0 || u >> 3 > FIELD_MAX) {
		*why = "a field number is out of range";
		return (-1);
	}
	f->number = (uint32_t)(u >> 3);
	f->type = u & 7;
	switch (f->type) {
	case PPROF_VARINT:
		f->in.at = w->at;
		if (pprof_varint(w, &f->v) == -1)
			return (-1);
		f->in.end = w->at;
		return (1);
	case PPROF_BYTES:
		if (pprof_varint(w, &u) == -1)
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
	*why = cut;
	return (pprof_take(w, u, f) == -1 ? -1 : 1);
}

static int
pprof_type_is(int holds, const char **why)
{
	if (holds)
		return (0);
	*why = "a field has the wrong wire type";
	return (-1);
}

int
pprof_number(const struct pprof_field *f, const char **why)
{
	return (pprof_type_is(f->type == PPROF_VARINT, why));
}

int
pprof_bytes(const struct pprof_field *f, const char **why)
{
	return (pprof_type_is(f->type == PPROF_BYTES, why));
}

int
pprof_numbers(const struct pprof_field *f, const char **why)
{
	return (pprof_type_is(f->type == PPROF_VARINT ||
	    f->type == PPROF_BYTES, why));
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
