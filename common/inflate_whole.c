#include "inflate.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "buf.h"
#include "inflate_codec.h"

#define STEP	(16 * 1024)	/* room made, at least */
#define FHCRC	2		/* gzip's flag */

/* One layer: what it reads, and where in out it may write. */
struct whole {
	const char	*p;
	size_t		 len;
	enum inflate_format format;
	const struct inflate_limits *limits;
	uint64_t	 in;		/* of the outermost layer */
	uint64_t	 left;		/* bytes it may still give */
	struct buf	*out;
	const char	**why;
};

/* Room for n bytes, or as many as it may give. */
static int
whole_room(struct whole *w, uint64_t n)
{
	if (n > w->left)
		n = w->left;
	if (n > SIZE_MAX / 4 || buf_reserve(w->out, (size_t)n) == -1) {
		*w->why = INFLATE_WHY_MEMORY;
		return (-1);
	}
	return (0);
}

static void
whole_gave(struct whole *w, size_t n)
{
	w->out->len += n;
	w->left -= n;
}

/* What one member gives: gzip says it at its end, if it is the only one. */
static uint64_t
whole_guess(const struct whole *w)
{
	if (w->format == INFLATE_GZIP)
		return (inflate_le32((const unsigned char *)w->p + w->len - 4));
	return ((uint64_t)w->len * 8);
}

/*
 * libdeflate is faster than zlib, where the room is known and everything is
 * right. 1: it took one member; 0: it did not, for whatever reason, which zlib
 * will tell; -1.
 */
static int
whole_member(struct whole *w, struct libdeflate_decompressor *d)
{
	size_t in, out, room;
	enum libdeflate_result r;
	char *end;

	/* It passes over the header's checksum. */
	if (w->len < 8 || (w->format == INFLATE_GZIP && (w->p[3] & FHCRC)))
		return (0);
	room = (size_t)whole_guess(w);
	if (whole_room(w, room) == -1)
		return (-1);
	if (room > w->left)
		room = (size_t)w->left;
	end = room == 0 ? NULL : w->out->p + w->out->len;
	if (w->format == INFLATE_GZIP)
		r = libdeflate_gzip_decompress_ex(d, w->p, w->len, end, room,
		    &in, &out);
	else
		r = libdeflate_zlib_decompress_ex(d, w->p, w->len, end, room,
		    &in, &out);
	if (r != LIBDEFLATE_SUCCESS)
		return (0);
	whole_gave(w, out);
	w->p += in;
	w->len -= in;
	return (1);
}

/* As many members as libdeflate takes. -1: no memory. */
static int
whole_members(struct whole *w)
{
	struct libdeflate_decompressor *d;
	int r;

	if ((d = libdeflate_alloc_decompressor()) == NULL) {
		*w->why = INFLATE_WHY_MEMORY;
		return (-1);
	}
	while ((r = whole_member(w, d)) == 1)
		if (w->format == INFLATE_ZLIB ||
		    inflate_format(w->p, w->len) != INFLATE_GZIP) {
			w->len = 0;
			break;
		}
	libdeflate_free_decompressor(d);
	return (r == -1 ? -1 : 0);
}

/*
 * Go on until it ended. Where it may give no more, there is room for one byte
 * too many.
 */
static int
whole_steps(struct whole *w, const struct inflate_codec *codec, void *state)
{
	struct inflate_io io = { w->p, w->len, NULL, 0 };
	char excess = 0;
	size_t room;
	int r;

	do {
		if (w->out->cap == w->out->len &&
		    whole_room(w, w->out->len < STEP ? STEP : w->out->len) ==
		    -1)
			return (-1);
		room = w->out->cap - w->out->len;
		if (room > w->left)
			room = (size_t)w->left;
		io.out = room == 0 ? &excess : w->out->p + w->out->len;
		io.out_len = room == 0 ? 1 : room;
		if ((r = codec->step(state, &io, w->why)) == -1)
			return (-1);
		if (room == 0 && io.out_len == 0) {
			*w->why = inflate_excess(w->limits, w->in);
			return (-1);
		}
		whole_gave(w, room == 0 ? 0 : room - io.out_len);
	} while (r == 0 && (io.in_len != 0 || io.out_len == 0));
	if (r == 0 && !codec->complete(state)) {
		*w->why = INFLATE_WHY_SHORT;
		return (-1);
	}
	return (0);
}

static int
whole_layer(struct whole *w)
{
	const struct inflate_codec *codec = inflate_codec((int)w->format);
	unsigned long long n;
	void *state;
	int r;

	w->left = inflate_allowed(w->limits, w->in);
	if (w->format == INFLATE_GZIP || w->format == INFLATE_ZLIB) {
		if (whole_members(w) == -1)
			return (-1);
		if (w->len == 0)
			return (0);
	} else if (w->format == INFLATE_ZSTD) {
		n = ZSTD_getFrameContentSize(w->p, w->len);
		if (n < ZSTD_CONTENTSIZE_ERROR && whole_room(w, n) == -1)
			return (-1);
	}
	if ((state = codec->begin(w->limits)) == NULL) {
		*w->why = INFLATE_WHY_MEMORY;
		return (-1);
	}
	r = whole_steps(w, codec, state);
	codec->end(state);
	return (r);
}

/* The first layer is in out from start on. Is it one, too? */
static int
whole_nested(struct whole *w, size_t start)
{
	struct buf outer = { 0 };
	int result;

	if (w->out->len == start)
		return (0);
	w->p = w->out->p + start;
	w->len = w->out->len - start;
	if ((w->format = inflate_format(w->p, w->len)) == INFLATE_NONE)
		return (0);
	if (buf_add(&outer, w->p, w->len) == -1) {
		*w->why = INFLATE_WHY_MEMORY;
		return (-1);
	}
	w->out->len = start;
	w->p = outer.p;
	result = whole_layer(w);
	buf_free(&outer);
	return (result);
}

/* So many layers at most. */
static int
whole_layers(const char *p, size_t len, const struct inflate_limits *limits,
    int layers, struct buf *out, const char **why)
{
	struct whole w = { p, len, inflate_format(p, len), limits, len, 0, out,
	    why };
	size_t start = out->len;

	if (w.format != INFLATE_NONE) {
		if (whole_layer(&w) == 0 &&
		    (layers == 1 || whole_nested(&w, start) == 0))
			return (0);
		out->len = start;
	} else if (len > limits->bytes)
		*why = INFLATE_WHY_BYTES;
	else if (buf_add(out, p, len) == -1)
		*why = INFLATE_WHY_MEMORY;
	else
		return (0);
	return (-1);
}

int
inflate_whole(const char *p, size_t len, const struct inflate_limits *limits,
    struct buf *out, const char **why)
{
	return (whole_layers(p, len, limits, 2, out, why));
}

int
inflate_once(const char *p, size_t len, const struct inflate_limits *limits,
    struct buf *out, const char **why)
{
	return (whole_layers(p, len, limits, 1, out, why));
}
