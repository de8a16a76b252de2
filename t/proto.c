#include "proto.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

static void
proto_add(struct buf *b, const void *p, size_t len)
{
	if (buf_add(b, p, len) == -1)
		abort();
}

void
proto_varint(struct buf *b, uint64_t v)
{
	unsigned char byte;

	do {
		byte = (unsigned char)(v & 0x7f);
		v >>= 7;
		byte = (unsigned char)(byte | (v != 0 ? 0x80 : 0));
		proto_add(b, &byte, 1);
	} while (v != 0);
}

void
proto_number(struct buf *b, unsigned int field, uint64_t v)
{
	proto_varint(b, (uint64_t)field << 3);
	proto_varint(b, v);
}

void
proto_bytes(struct buf *b, unsigned int field, const void *p, size_t len)
{
	proto_varint(b, (uint64_t)field << 3 | 2);
	proto_varint(b, len);
	proto_add(b, p, len);
}

void
proto_text(struct buf *b, unsigned int field, const char *s)
{
	proto_bytes(b, field, s, strlen(s));
}

void
proto_message(struct buf *b, unsigned int field, struct buf *message)
{
	proto_bytes(b, field, message->p, message->len);
	message->len = 0;
}

void
proto_numbers(struct buf *b, unsigned int field, const uint64_t *v, size_t n,
    int packed)
{
	struct buf run = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		if (packed)
			proto_varint(&run, v[i]);
		else
			proto_number(b, field, v[i]);
	if (packed)
		proto_message(b, field, &run);
	buf_free(&run);
}
