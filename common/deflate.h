#ifndef DEFLATE_H
#define DEFLATE_H

#include <stddef.h>

struct buf;

/*
 * Append p as one gzip member (RFC 1952) without name or time, so that the
 * same bytes give the same member. level: 1 (fast) to 12 (small), libdeflate's.
 * -1: ENOMEM, or EINVAL for another level; out holds what it held before.
 */
int	deflate_gzip(const char *p, size_t len, int level, struct buf *out);

#endif
