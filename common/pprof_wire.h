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

/* 0; -1: cut short, or over 64 bits. */
int	pprof_varint_long(struct pprof_wire *, uint64_t *v);

/* The same; inline because nearly all numbers of a profile have one byte. */
static inline int
pprof_varint(struct pprof_wire *w, uint64_t *v)
{
	if (w->at < w->end && *w->at < 0x80) {
		*v = *w->at++;
		return (0);
	}
	return (pprof_varint_long(w, v));
}

/* The next field of a message. 1; 0: there is none; -1: malformed. */
int	pprof_field(struct pprof_wire *, struct pprof_field *,
	    const char **why);

/*
 * A message that has nothing but numbers in its fields 1 to n, into v[0] to
 * v[n - 1]; 0 where there is none, the last where there are several.
 */
int	pprof_scalars(struct pprof_wire, uint64_t *v, uint32_t n,
	    const char **why);

/*
 * Is the field a number? a message or a text? a repeated number, packed or
 * not? Then f->in is a run of varints. 0; -1: it is not.
 */
int	pprof_number(const struct pprof_field *, const char **why);
int	pprof_bytes(const struct pprof_field *, const char **why);
int	pprof_numbers(const struct pprof_field *, const char **why);

#endif
