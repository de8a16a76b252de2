#ifndef PPROF_PUT_H
#define PPROF_PUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Writes protocol buffers; see pprof_wire.h. There must be room: each returns
 * where it stopped.
 */
#define PPROF_PUT_NUMBER	11	/* bytes of a field below 16, at most */
#define PPROF_PUT_HEAD		6	/* of a message: before its fields */

/* Inline: a call a frame. */
static inline unsigned char *
pprof_put_varint(unsigned char *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (unsigned char)(v | 0x80);
	*p++ = (unsigned char)v;
	return (p);
}

/* Not one that is 0. */
unsigned char *pprof_put_number(unsigned char *p, uint32_t field, uint64_t v);

/*
 * A message at p, or numbers packed, whose fields were written from
 * p + PPROF_PUT_HEAD to end.
 */
unsigned char *pprof_put_message(unsigned char *p, uint32_t field,
	    const unsigned char *end);

#endif
