#include "deflate.h"

#include <errno.h>
#include <libdeflate.h>

#include "buf.h"

int
deflate_gzip(const char *p, size_t len, int level, struct buf *out)
{
	struct libdeflate_compressor *c;
	size_t room;
	int result = -1;

	if (level < 1 || level > 12) {
		errno = EINVAL;
		return (-1);
	}
	if ((c = libdeflate_alloc_compressor(level)) == NULL) {
		errno = ENOMEM;
		return (-1);
	}
	room = libdeflate_gzip_compress_bound(c, len);
	if (buf_reserve(out, room) == -1)
		goto out;
	out->len += libdeflate_gzip_compress(c, p, len, out->p + out->len,
	    room);
	result = 0;
out:
	libdeflate_free_compressor(c);
	return (result);
}
