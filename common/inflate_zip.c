#include "inflate_codec.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define LOCAL		30	/* a local file header without name and extra */
#define DESCRIPTOR	12	/* signature, crc, low half of the length */
#define ENCRYPTED	0x0001
#define STREAMED	0x0008	/* the lengths follow in a descriptor */
#define ZIP64		0xffffffff	/* the length is in the extra field */

/*
 * The first entry of a zip: local header, name, extra fields (two bytes of
 * kind, two of length), its bytes, and perhaps a data descriptor. What follows
 * is of no concern.
 */
enum zip_state { ZIP_HEADER, ZIP_NAME, ZIP_EXTRA_HEAD, ZIP_EXTRA, ZIP_STORED,
    ZIP_DEFLATED, ZIP_DESCRIPTOR, ZIP_OVER };

struct zip {
	enum zip_state	 state;
	unsigned char	 head[LOCAL];
	size_t		 seen;		/* of head */
	size_t		 name;		/* bytes left */
	size_t		 extra;		/* bytes left of all extra fields */
	size_t		 field;		/* bytes left of this one */
	unsigned int	 flags;
	unsigned int	 method;
	uint32_t	 crc;		/* as the header says */
	uint64_t	 packed;	/* likewise */
	uint64_t	 length;	/* likewise */
	uint32_t	 summed;	/* crc of what came out */
	uint64_t	 in;		/* bytes of the entry that were read */
	uint64_t	 out;		/* and that came out */
	z_stream	 z;
};

static void *
zip_new(const struct inflate_limits *limits)
{
	struct zip *zip;

	(void)limits;
	if ((zip = calloc(1, sizeof(*zip))) == NULL)
		return (NULL);
	if (inflateInit2(&zip->z, -MAX_WBITS) != Z_OK) {
		free(zip);
		return (NULL);
	}
	return (zip);
}

static unsigned int
zip_le16(const unsigned char *p)
{
	return ((unsigned int)(p[0] | p[1] << 8));
}

static uint64_t
zip_le64(const unsigned char *p)
{
	return ((uint64_t)inflate_le32(p) | (uint64_t)inflate_le32(p + 4) <<
	    32);
}

/* Fill head up to n bytes. 0: the input does not suffice. */
static int
zip_gather(struct zip *zip, size_t n, struct inflate_io *io)
{
	while (zip->seen < n && io->in_len != 0) {
		zip->head[zip->seen++] = (unsigned char)*io->in++;
		io->in_len--;
	}
	return (zip->seen >= n);
}

/* Drop up to *left bytes. 0: the input does not suffice. */
static int
zip_skip(size_t *left, struct inflate_io *io)
{
	size_t n = *left < io->in_len ? *left : io->in_len;

	io->in += n;
	io->in_len -= n;
	*left -= n;
	return (*left == 0);
}

static int
zip_header(struct zip *zip, const char **why)
{
	const unsigned char *p = zip->head;

	zip->flags = zip_le16(p + 6);
	zip->method = zip_le16(p + 8);
	zip->crc = inflate_le32(p + 14);
	zip->packed = inflate_le32(p + 18);
	zip->length = inflate_le32(p + 22);
	zip->name = zip_le16(p + 26);
	zip->extra = zip_le16(p + 28);
	zip->seen = 0;
	zip->state = ZIP_NAME;
	if (zip->flags & ENCRYPTED)
		*why = "zip entry is encrypted";
	else if (zip->method != 0 && zip->method != Z_DEFLATED)
		*why = "zip method is not supported";
	else
		return (0);
	return (-1);
}

/* All headers are read. */
static int
zip_begin(struct zip *zip, const char **why)
{
	zip->seen = 0;
	zip->state = zip->method == 0 ? ZIP_STORED : ZIP_DEFLATED;
	/* Some put a stored one's length there and the descriptor, too. */
	if (zip->method == 0 && (zip->flags & STREAMED) && zip->packed == 0) {
		*why = "zip entry does not tell its length";
		return (-1);
	}
	return (0);
}

/*
 * An extra field's first 4 bytes, or 20 where it holds zip64 lengths. 0: the
 * input does not suffice.
 */
static int
zip_extra(struct zip *zip, struct inflate_io *io)
{
	const unsigned char *p = zip->head;
	size_t n;

	if (zip->extra < 4) {
		zip->field = zip->extra;
		zip->extra = 0;
		zip->state = ZIP_EXTRA;
		return (1);
	}
	if (!zip_gather(zip, 4, io))
		return (0);
	n = zip_le16(p + 2) < zip->extra - 4 ? zip_le16(p + 2) :
	    zip->extra - 4;
	if (zip_le16(p) == 1 && n >= 16) {
		if (!zip_gather(zip, 20, io))
			return (0);
		if (zip->length == ZIP64)
			zip->length = zip_le64(p + 4);
		if (zip->packed == ZIP64)
			zip->packed = zip_le64(p + 12);
	}
	zip->extra -= n + 4;
	zip->field = n + 4 - zip->seen;
	zip->seen = 0;
	zip->state = ZIP_EXTRA;
	return (1);
}

/* The entry ended: is it what the header or the descriptor says? */
static int
zip_check(struct zip *zip, const char **why)
{
	zip->state = ZIP_OVER;
	if (zip->summed != zip->crc)
		*why = INFLATE_WHY_CHECKSUM;
	else if ((uint32_t)zip->in != (uint32_t)zip->packed ||
	    (!(zip->flags & STREAMED) && zip->out != zip->length))
		*why = INFLATE_WHY_MALFORMED;
	else
		return (1);
	return (-1);
}

/* crc and lengths, of 4 or 8 bytes each; a signature is usual, and optional. */
static int
zip_descriptor(struct zip *zip, struct inflate_io *io, const char **why)
{
	const unsigned char *p = zip->head;

	if (!zip_gather(zip, DESCRIPTOR, io))
		return (0);
	if (inflate_le32(p) == 0x08074b50)
		p += 4;
	zip->crc = inflate_le32(p);
	zip->packed = inflate_le32(p + 4);
	return (zip_check(zip, why));
}

static int
zip_stored(struct zip *zip, struct inflate_io *io)
{
	size_t n = io->in_len < io->out_len ? io->in_len : io->out_len;

	if (n > zip->packed - zip->in)
		n = (size_t)(zip->packed - zip->in);
	memcpy(io->out, io->in, n);
	io->in += n;
	io->in_len -= n;
	io->out += n;
	io->out_len -= n;
	zip->in += n;
	return (zip->in == zip->packed);
}

/* The entry's bytes. As a step. */
static int
zip_body(struct zip *zip, struct inflate_io *io, const char **why)
{
	const Bytef *out = (const Bytef *)io->out;
	size_t in = io->in_len;
	int r;

	if (zip->state == ZIP_STORED)
		r = zip_stored(zip, io);
	else {
		if ((r = inflate_z_step(&zip->z, io, why)) == -1)
			return (-1);
		zip->in += in - io->in_len;
	}
	in = (size_t)((const Bytef *)io->out - out);
	zip->out += in;
	zip->summed = (uint32_t)crc32_z(zip->summed, out, in);
	if (r == 0)
		return (0);
	if (!(zip->flags & STREAMED))
		return (zip_check(zip, why));
	zip->state = ZIP_DESCRIPTOR;
	return (zip_descriptor(zip, io, why));
}

/* Up to the entry's first byte. 1: there; 0: not enough input; -1. */
static int
zip_front(struct zip *zip, struct inflate_io *io, const char **why)
{
	for (;;) {
		switch (zip->state) {
		case ZIP_HEADER:
			if (!zip_gather(zip, LOCAL, io))
				return (0);
			if (zip_header(zip, why) == -1)
				return (-1);
			break;
		case ZIP_NAME:
			if (!zip_skip(&zip->name, io))
				return (0);
			zip->state = ZIP_EXTRA;
			break;
		case ZIP_EXTRA:
			if (!zip_skip(&zip->field, io))
				return (0);
			if (zip->extra == 0)
				return (zip_begin(zip, why) == -1 ? -1 : 1);
			zip->state = ZIP_EXTRA_HEAD;
			break;
		default:
			if (!zip_extra(zip, io))
				return (0);
		}
	}
}

static int
zip_step(void *state, struct inflate_io *io, const char **why)
{
	struct zip *zip = state;
	int r;

	if (zip->state < ZIP_STORED && (r = zip_front(zip, io, why)) != 1)
		return (r);
	switch (zip->state) {
	case ZIP_DESCRIPTOR:
		return (zip_descriptor(zip, io, why));
	case ZIP_OVER:
		return (1);
	default:
		return (zip_body(zip, io, why));
	}
}

static int
zip_complete(const void *state)
{
	return (((const struct zip *)state)->state == ZIP_OVER);
}

static void
zip_free(void *state)
{
	struct zip *zip = state;

	if (zip == NULL)
		return;
	(void)inflateEnd(&zip->z);
	free(zip);
}

const struct inflate_codec inflate_zip = { zip_new, zip_step, zip_complete,
    zip_free };
