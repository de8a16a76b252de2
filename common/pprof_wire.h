#ifndef PPROF_WIRE_H
#define PPROF_WIRE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The wire format of protocol buffers, read in place (protobuf.dev,
 * "Encoding"). Groups, field number 0 and numbers over 64 bits are refused.
 */
struct pprof_wire {
	const unsigned char	*at;
	const unsigned char	*end;
};

enum pprof_wire_type { PPROF_VARINT = 0, PPROF_FIXED64 = 1, PPROF_BYTES = 2,
    PPROF_FIXED32 = 5 };

struct pprof_field {
	uint32_t		 number;
	uint32_t		 type;	/* one of the above */
	uint64_t		 v;	/* of a varint: its value */
	struct pprof_wire	 in;	/* its bytes, without their length */
};

/* Fields of the message Profile in google/pprof's proto/profile.proto. */
enum pprof_profile_field { PPROF_SAMPLE_TYPE = 1, PPROF_SAMPLE, PPROF_MAPPING,
    PPROF_LOCATION, PPROF_FUNCTION, PPROF_STRING, PPROF_DROP_FRAMES,
    PPROF_KEEP_FRAMES, PPROF_TIME, PPROF_DURATION, PPROF_PERIOD_TYPE,
    PPROF_PERIOD, PPROF_COMMENT, PPROF_DEFAULT_TYPE, PPROF_DOC_URL };

/* The number at p; where it ends; NULL: it is cut short, or over 64 bits. */
const unsigned char *pprof_varint_long(const unsigned char *p,
	    const unsigned char *end, uint64_t *v);

/* The same; inline because nearly all numbers of a profile are this short. */
static inline const unsigned char *
pprof_varint_at(const unsigned char *p, const unsigned char *end,
    uint64_t *v)
{
	uint64_t u;

	if (p < end && p[0] < 0x80) {
		*v = p[0];
		return (p + 1);
	}
	if (end - p > 1 && p[1] < 0x80) {
		*v = (p[0] & 0x7fU) | (uint64_t)p[1] << 7;
		return (p + 2);
	}
	if (end - p > 2 && p[2] < 0x80) {
		*v = (p[0] & 0x7fU) | (p[1] & 0x7fU) << 7 |
		    (uint64_t)p[2] << 14;
		return (p + 3);
	}
	/* So that v need not be in memory. */
	p = pprof_varint_long(p, end, &u);
	*v = u;
	return (p);
}

/* The same, and the wire goes on behind it. 0; -1. */
static inline int
pprof_varint(struct pprof_wire *w, uint64_t *v)
{
	const unsigned char *p = pprof_varint_at(w->at, w->end, v);

	if (p == NULL)
		return (-1);
	w->at = p;
	return (0);
}

int	pprof_field_long(struct pprof_wire *, struct pprof_field *,
	    const char **why);

/*
 * The next field of a message. 1; 0: there is none; -1: malformed. Inline for
 * those with a number below 16 and a value or length below 128, nearly all.
 */
static inline int
pprof_field(struct pprof_wire *w, struct pprof_field *f, const char **why)
{
	const unsigned char *p = w->at;

	if (w->end - p < 2 || p[0] < 8 || p[0] >= 0x80 || p[1] >= 0x80)
		return (pprof_field_long(w, f, why));
	f->number = p[0] >> 3;
	f->type = p[0] & 7;
	if (f->type == PPROF_VARINT) {
		f->v = p[1];
		f->in.at = p + 1;
		f->in.end = w->at = p + 2;
		return (1);
	}
	if (f->type != PPROF_BYTES || w->end - p - 2 < p[1])
		return (pprof_field_long(w, f, why));
	f->in.at = p + 2;
	f->in.end = w->at = p + 2 + p[1];
	return (1);
}

/*
 * Is the field a number? a message or a text? a repeated number, packed or
 * not? Then f->in is a run of varints. 0; -1: it is not.
 */
int	pprof_type_wrong(const char **why);

static inline int
pprof_number(const struct pprof_field *f, const char **why)
{
	return (f->type == PPROF_VARINT ? 0 : pprof_type_wrong(why));
}

static inline int
pprof_bytes(const struct pprof_field *f, const char **why)
{
	return (f->type == PPROF_BYTES ? 0 : pprof_type_wrong(why));
}

static inline int
pprof_numbers(const struct pprof_field *f, const char **why)
{
	return (f->type == PPROF_VARINT || f->type == PPROF_BYTES ? 0 :
	    pprof_type_wrong(why));
}

/*
 * A message that has nothing but numbers in its fields 1 to n, into v[0] to
 * v[n - 1]; 0 where there is none, the last where there are several.
 */
int	pprof_scalars(struct pprof_wire, uint64_t *v, uint32_t n,
	    const char **why);

#endif
