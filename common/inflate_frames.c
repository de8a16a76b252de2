#include "inflate_codec.h"

#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "inflate.h"

#define HEAD		18	/* of a zstd frame's header, at most */
#define WINDOW_MIN	23	/* as RFC 8878 wants of every decoder: 8 MiB */
#define WINDOW_MAX	27	/* what libzstd takes without being asked */

/*
 * Frames of lz4 and zstd, and skippable ones, one behind the other. Both have
 * a magic of 4 bytes, and share the skippable frame: its magic, its length in
 * 4 bytes, and so many bytes of no concern.
 */
enum frames_state { FRAMES_BETWEEN, FRAMES_LENGTH, FRAMES_SKIP, FRAMES_HEADER,
    FRAMES_LZ4, FRAMES_ZSTD };

struct frames {
	enum frames_state state;
	unsigned char	 head[HEAD];	/* of the frame that begins */
	size_t		 seen;		/* of head */
	uint32_t	 skip;		/* bytes left */
	int		 window;	/* zstd's, at most: a power of 2 */
	LZ4F_dctx	*lz4;		/* NULL before its first frame */
	ZSTD_DCtx	*zstd;		/* likewise */
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

/* For the frame that begins. */
static int
frames_context(struct frames *f, const char **why)
{
	int good;

	if (f->state == FRAMES_LZ4)
		good = f->lz4 != NULL || !LZ4F_isError(
		    LZ4F_createDecompressionContext(&f->lz4, LZ4F_VERSION));
	else
		good = f->zstd != NULL || ((f->zstd = ZSTD_createDCtx()) !=
		    NULL && !ZSTD_isError(ZSTD_DCtx_setParameter(f->zstd,
		    ZSTD_d_windowLogMax, f->window)));
	if (!good)
		*why = INFLATE_WHY_MEMORY;
	return (good ? 0 : -1);
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

/* 1: no frame begins here; 0: one does, or the input does not suffice. */
static int
frames_between(struct frames *f, struct inflate_io *io)
{
	if (!frames_gather(f, 4, io))
		return (0);
	if (inflate_format((const char *)f->head, 4) == INFLATE_LZ4)
		f->state = FRAMES_LZ4;
	else if (inflate_format((const char *)f->head, 4) != INFLATE_ZSTD)
		return (1);
	else if ((f->head[0] & 0xf0) == 0x50)
		f->state = FRAMES_LENGTH;
	else
		f->state = FRAMES_HEADER;
	return (0);
}

/*
 * libzstd 1.5.4 takes what follows a part of a header for a frame, if it looks
 * like one: it must get the header in one piece. 0: the input does not suffice.
 */
static int
frames_header(struct frames *f, struct inflate_io *io)
{
	while (f->seen < HEAD && ZSTD_getFrameContentSize(f->head, f->seen) ==
	    ZSTD_CONTENTSIZE_ERROR)
		if (!frames_gather(f, f->seen + 1, io))
			return (0);
	f->state = FRAMES_ZSTD;
	return (1);
}

/* Decode what is in head, the last of it read from io, which began at begin. */
static int
frames_begin(struct frames *f, struct inflate_io *io, const char *begin,
    const char **why)
{
	struct inflate_io head = { (const char *)f->head, f->seen, io->out, 0 };

	f->seen = 0;
	if (frames_context(f, why) == -1)
		return (-1);
	if ((size_t)(io->in - begin) < head.in_len)
		return (frames_decode(f, &head, why));
	/* What is all there libzstd decodes at once, without a window. */
	io->in -= head.in_len;
	io->in_len += head.in_len;
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

/* One stage of a frame. 1: no frame begins here; 0; -1. */
static int
frames_stage(struct frames *f, struct inflate_io *io, const char *begin,
    const char **why)
{
	switch (f->state) {
	case FRAMES_BETWEEN:
		return (frames_between(f, io));
	case FRAMES_LENGTH:
		if (frames_gather(f, 8, io)) {
			f->skip = inflate_le32(f->head + 4);
			f->seen = 0;
			f->state = FRAMES_SKIP;
			frames_skip(f, io);
		}
		return (0);
	case FRAMES_SKIP:
		frames_skip(f, io);
		return (0);
	case FRAMES_HEADER:
		if (!frames_header(f, io))
			return (0);
		break;
	default:
		break;
	}
	if (f->seen != 0)
		return (frames_begin(f, io, begin, why));
	return (frames_decode(f, io, why) == -1 ? -1 : 0);
}

static int
frames_step(void *state, struct inflate_io *io, const char **why)
{
	struct frames *f = state;
	const char *begin = io->in;
	int r;

	do
		r = frames_stage(f, io, begin, why);
	while (r == 0 && io->in_len != 0 && io->out_len != 0);
	return (r);
}

static int
frames_complete(const void *state)
{
	return (((const struct frames *)state)->state == FRAMES_BETWEEN);
}

const struct inflate_codec inflate_frames = { frames_new, frames_step,
    frames_complete, frames_free };
