#include "pprof_put.h"

#include <string.h>

unsigned char *
pprof_put_number(unsigned char *p, uint32_t field, uint64_t v)
{
	if (v == 0)
		return (p);
	*p++ = (unsigned char)(field << 3);
	return (pprof_put_varint(p, v));
}

unsigned char *
pprof_put_message(unsigned char *p, uint32_t field, const unsigned char *end)
{
	const unsigned char *fields = p + PPROF_PUT_HEAD;
	size_t len = (size_t)(end - fields);

	*p++ = (unsigned char)(field << 3 | 2);
	p = pprof_put_varint(p, len);
	memmove(p, fields, len);
	return (p + len);
}
