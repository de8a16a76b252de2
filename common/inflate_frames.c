#include "inflate_codec.h"

#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "inflate.h"

#define WINDOW_MIN	23	/* as RFC 8878 wants of every decoder: 8 MiB */
#define WINDOW_MAX	27	/* what libzstd takes without being asked */

/*
 * Frames of lz4 and zstd, and skippable ones, one behind the other. Both have
 * a magic of 4 bytes, and share the skippable frame: its magic, its length in
 * 4 bytes, and so many bytes of no concern.
 */
enum frames_state { FRAMES_BETWEEN, FRAMES_LENGTH, FRAMES_SKIP, FRAMES_LZ4,
    FRAMES_ZSTD };

struct frames {
	enum frames_state state;
	unsigned char	 head[8];	/* magic; length of a skippable one */
	size_t		 seen;		/* of head */
	uint32_t	 skip;		/* bytes left */
	int		 window;	/* zstd's, at most: a power of 2 */
	LZ4F_dctx	*lz4;		/* each is NULL before its first frame */
	ZSTD_DCtx	*zstd;
};

static void
frames_free(void *state)
{
	struct frames *f = state;

	if (f == NULL)
		return;
	(void)LZ4F_freeDecompressionContext(f->lz4);
	(void)ZSTD_freeDCtx(f->zstd);
	free(f);
}

static void *
frames_new(const struct inflate_limits *limits)
{
	struct frames *f;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		return (NULL);
	f->window = WINDOW_MIN;
	while (f->window < WINDOW_MAX &&
	    (uint64_t)1 << f->window < limits->bytes)
		f->window++;
	return (f);
}

static int
frames_context(struct frames *f)
{
	if (f->state == FRAMES_LZ4)
		return (f->lz4 != NULL || !LZ4F_isError(
		    LZ4F_createDecompressionContext(&f->lz4, LZ4F_VERSION)));
	return (f->zstd != NULL || ((f->zstd = ZSTD_createDCtx()) != NULL &&
	    !ZSTD_isError(ZSTD_DCtx_setParameter(f->zstd, ZSTD_d_windowLogMax,
	    f->window))));
}

static int
frames_lz4(struct frames *f, struct inflate_io *io, const char **why)
{
	size_t in = io->in_len, out = io->out_len, r;
	const char *name;

	r = LZ4F_decompress(f->lz4, io->out, &out, io->in, &in, NULL);
	if (LZ4F_isError(r)) {
		/* The codes behind the names are no public interface. */
		name = LZ4F_getErrorName(r);
		*why = strstr(name, "hecksum") != NULL ? INFLATE_WHY_CHECKSUM :
		    strstr(name, "alloc") != NULL ? INFLATE_WHY_MEMORY :
		    INFLATE_WHY_MALFORMED;
		return (-1);
	}
	io->in += in;
	io->in_len -= in;
	io->out += out;
	io->out_len -= out;
	return (r == 0);
}

static int
frames_zstd(struct frames *f, struct inflate_io *io, const char **why)
{
	ZSTD_inBuffer in = { io->in, io->in_len, 0 };
	ZSTD_outBuffer out = { io->out, io->out_len, 0 };
	size_t r;

	r = ZSTD_decompressStream(f->zstd, &out, &in);
	if (ZSTD_isError(r)) {
		switch (ZSTD_getErrorCode(r)) {
		case ZSTD_error_checksum_wrong:
			*why = INFLATE_WHY_CHECKSUM;
			break;
		case ZSTD_error_frameParameter_windowTooLarge:
			*why = "zstd window is over the limit";
			break;
		case ZSTD_error_memory_allocation:
			*why = INFLATE_WHY_MEMORY;
			break;
		default:
			*why = INFLATE_WHY_MALFORMED;
		}
		return (-1);
	}
	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	return (r == 0);
}

static int
frames_decode(struct frames *f, struct inflate_io *io, const char **why)
{
	int r;

	r = f->state == FRAMES_LZ4 ? frames_lz4(f, io, why) :
	    frames_zstd(f, io, why);
	if (r == 1)
		f->state = FRAMES_BETWEEN;
	return (r);
}

/* Fill head up to n bytes. 0: the input does not suffice. */
static int
frames_gather(struct frames *f, size_t n, struct inflate_io *io)
{
	size_t some = n - f->seen < io->in_len ? n - f->seen : io->in_len;

	memcpy(f->head + f->seen, io->in, some);
	f->seen += some;
	io->in += some;
	io->in_len -= some;
	return (f->seen == n);
}

/* Its magic is in head. 1: not that of a frame; 0; -1: no memory. */
static int
frames_begin(struct frames *f)
{
	switch (inflate_format((const char *)f->head, 4)) {
	case INFLATE_LZ4:
		f->state = FRAMES_LZ4;
		break;
	case INFLATE_ZSTD:
		f->state = (f->head[0] & 0xf0) == 0x50 ? FRAMES_LENGTH :
		    FRAMES_ZSTD;
		break;
	default:
		return (1);
	}
	return (f->state == FRAMES_LENGTH || frames_context(f) ? 0 : -1);
}

/* 1: no frame begins here; 0: one does, or the input does not suffice; -1. */
static int
frames_between(struct frames *f, struct inflate_io *io, const char **why)
{
	struct inflate_io magic = { (const char *)f->head, 4, io->out, 0 };
	int here = f->seen == 0, r;

	if (!frames_gather(f, 4, io))
		return (0);
	if ((r = frames_begin(f)) == -1)
		*why = INFLATE_WHY_MEMORY;
	if (r != 0 || f->state == FRAMES_LENGTH)
		return (r);
	f->seen = 0;
	if (!here)
		return (frames_decode(f, &magic, why));
	/* A frame that is all there libzstd decodes at once, without a window. */
	io->in -= 4;
	io->in_len += 4;
	return (0);
}

static void
frames_skip(struct frames *f, struct inflate_io *io)
{
	size_t n = f->skip < io->in_len ? f->skip : io->in_len;

	io->in += n;
	io->in_len -= n;
	f->skip -= (uint32_t)n;
	if (f->skip == 0)
		f->state = FRAMES_BETWEEN;
}

static int
frames_step(void *state, struct inflate_io *io, const char **why)
{
	struct frames *f = state;
	int r;

	for (;;) {
		switch (f->state) {
		case FRAMES_BETWEEN:
			r = frames_between(f, io, why);
			if (r != 0 || f->state == FRAMES_BETWEEN)
				return (r);
			break;
		case FRAMES_LENGTH:
			if (!frames_gather(f, 8, io))
				return (0);
			f->skip = inflate_le32(f->head + 4);
			f->seen = 0;
			f->state = FRAMES_SKIP;
			break;
		case FRAMES_SKIP:
			frames_skip(f, io);
			if (f->state == FRAMES_SKIP)
				return (0);
			break;
		default:
			if ((r = frames_decode(f, io, why)) == -1)
				return (-1);
			if (r == 0 && (io->in_len == 0 || io->out_len == 0))
				return (0);
		}
	}
}

static int
frames_complete(const void *state)
{
	return (((const struct frames *)state)->state == FRAMES_BETWEEN);
}

const struct inflate_codec inflate_frames = { frames_new, frames_step,
    frames_complete, frames_free };
