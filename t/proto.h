#ifndef PROTO_H
#define PROTO_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Protocol buffers as a test wants them, right or wrong; for what must not
 * share the encoder that it tests. Without memory it ends the test.
 */
void	proto_varint(struct buf *, uint64_t v);
void	proto_number(struct buf *, unsigned int field, uint64_t v);
void	proto_bytes(struct buf *, unsigned int field, const void *p,
	    size_t len);
void	proto_text(struct buf *, unsigned int field, const char *s);

/* The message, which is empty then. */
void	proto_message(struct buf *, unsigned int field, struct buf *message);

/* Numbers, packed or each in a field of its own. */
void	proto_numbers(struct buf *, unsigned int field, const uint64_t *v,
	    size_t n, int packed);

#endif
