#include "inflate_codec.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const unsigned char gzip_magic[2] = { 0x1f, 0x8b };

/* gzip members one behind the other, or one zlib stream. */
struct members {
	z_stream	z;
	int		gzip;
	int		between;	/* one ended, none began */
	size_t		seen;		/* of the next one's magic */
};

int
inflate_z_step(z_stream *z, struct inflate_io *io, const char **why)
{
	uInt in = io->in_len < UINT_MAX ? (uInt)io->in_len : UINT_MAX;
	uInt out = io->out_len < UINT_MAX ? (uInt)io->out_len : UINT_MAX;
	int r;

	z->next_in = (Bytef *)(uintptr_t)io->in;
	z->avail_in = in;
	z->next_out = (Bytef *)io->out;
	z->avail_out = out;
	r = inflate(z, Z_NO_FLUSH);
	io->in += in - z->avail_in;
	io->in_len -= in - z->avail_in;
	io->out += out - z->avail_out;
	io->out_len -= out - z->avail_out;
	switch (r) {
	case Z_STREAM_END:
		return (1);
	case Z_OK:
	case Z_BUF_ERROR:	/* no input or no room: nothing is wrong */
		return (0);
	case Z_MEM_ERROR:
		*why = INFLATE_WHY_MEMORY;
		return (-1);
	}
	/* zlib has one code for both, but two families of messages. */
	if (z->msg != NULL && (strncmp(z->msg, "incorrect data", 14) == 0 ||
	    strcmp(z->msg, "incorrect length check") == 0 ||
	    strcmp(z->msg, "header crc mismatch") == 0))
		*why = INFLATE_WHY_CHECKSUM;
	else
		*why = INFLATE_WHY_MALFORMED;
	return (-1);
}

static void *
members_new(int gzip)
{
	struct members *m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return (NULL);
	m->gzip = gzip;
	if (inflateInit2(&m->z, MAX_WBITS + (gzip ? 16 : 0)) != Z_OK) {
		free(m);
		return (NULL);
	}
	return (m);
}

static void *
members_gzip(const struct inflate_limits *limits)
{
	(void)limits;
	return (members_new(1));
}

static void *
members_zlib(const struct inflate_limits *limits)
{
	(void)limits;
	return (members_new(0));
}

/* 1: the next member begins; 0: not enough input; -1: there is none. */
static int
members_next(struct members *m, struct inflate_io *io)
{
	for (; m->seen < sizeof(gzip_magic); m->seen++) {
		if (io->in_len == 0)
			return (0);
		if ((unsigned char)*io->in != gzip_magic[m->seen])
			return (-1);
		io->in++;
		io->in_len--;
	}
	m->between = 0;
	m->seen = 0;
	return (1);
}

static int
members_step(void *state, struct inflate_io *io, const char **why)
{
	struct members *m = state;
	struct inflate_io again;
	int r;

	for (;;) {
		if (m->between) {
			if ((r = members_next(m, io)) != 1)
				return (r == 0 ? 0 : 1);
			(void)inflateReset(&m->z);
			again.in = (const char *)gzip_magic;
			again.in_len = sizeof(gzip_magic);
			again.out = io->out;
			again.out_len = 0;
			(void)inflate_z_step(&m->z, &again, why);
		}
		if ((r = inflate_z_step(&m->z, io, why)) != 1 || !m->gzip)
			return (r);
		m->between = 1;
	}
}

static int
members_complete(const void *state)
{
	return (((const struct members *)state)->between);
}

static void
members_free(void *state)
{
	struct members *m = state;

	if (m == NULL)
		return;
	(void)inflateEnd(&m->z);
	free(m);
}

const struct inflate_codec inflate_gzip = { members_gzip, members_step,
    members_complete, members_free };
const struct inflate_codec inflate_zlib = { members_zlib, members_step,
    members_complete, members_free };
