#include "inflate.h"

#include <stdlib.h>
#include <string.h>

#include "inflate_codec.h"

#define MAGIC	4		/* bytes that tell a format */
#define AREA	(64 * 1024)	/* what a layer gives at a time */

enum layer_state {
	LAYER_SNIFF,		/* its magic is not complete */
	LAYER_PLAIN,
	LAYER_CODEC,
	LAYER_OVER		/* it ended; what follows is ignored */
};

struct layer {
	enum layer_state state;
	const struct inflate_codec *codec;
	void		*codec_state;
	char		 magic[MAGIC];
	size_t		 seen;		/* of the magic */
	uint64_t	 out;		/* bytes given */
	char		*area;		/* of AREA bytes */
};

struct inflate {
	struct inflate_limits limits;
	int		(*sink)(const char *, size_t, void *);
	void		*arg;
	uint64_t	 in;
	const char	*why;
	struct layer	 layers[2];
};

uint32_t
inflate_le32(const unsigned char *p)
{
	return ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24);
}

enum inflate_format
inflate_format(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	uint32_t magic;

	if (len >= 2 && p[0] == 0x1f && p[1] == 0x8b)
		return (INFLATE_GZIP);
	if (len >= 2 && p[0] == 0x78 && (p[1] == 0x01 || p[1] == 0x5e ||
	    p[1] == 0x9c || p[1] == 0xda))
		return (INFLATE_ZLIB);
	if (len < MAGIC)
		return (INFLATE_NONE);
	magic = inflate_le32(p);
	if (magic == 0x184d2204)
		return (INFLATE_LZ4);
	if (magic == 0xfd2fb528 || (magic & 0xfffffff0) == 0x184d2a50)
		return (INFLATE_ZSTD);
	if (magic == 0x04034b50)
		return (INFLATE_ZIP);
	return (INFLATE_NONE);
}

const struct inflate_codec *
inflate_codec(int format)
{
	switch (format) {
	case INFLATE_GZIP:
		return (&inflate_gzip);
	case INFLATE_ZLIB:
		return (&inflate_zlib);
	case INFLATE_LZ4:
	case INFLATE_ZSTD:
		return (&inflate_frames);
	case INFLATE_ZIP:
		return (&inflate_zip);
	}
	return (NULL);
}

uint64_t
inflate_allowed(const struct inflate_limits *limits, uint64_t in)
{
	uint64_t n = UINT64_MAX;

	if (limits->ratio != 0 &&
	    in <= (UINT64_MAX - INFLATE_FLOOR) / limits->ratio)
		n = in * limits->ratio + INFLATE_FLOOR;
	return (n < limits->bytes ? n : limits->bytes);
}

const char *
inflate_excess(const struct inflate_limits *limits, uint64_t in)
{
	return (inflate_allowed(limits, in) == limits->bytes ?
	    INFLATE_WHY_BYTES : INFLATE_WHY_RATIO);
}

struct inflate *
inflate_new(const struct inflate_limits *limits,
    int (*sink)(const char *, size_t, void *), void *arg)
{
	struct inflate *inf;

	if ((inf = calloc(1, sizeof(*inf))) == NULL)
		return (NULL);
	inf->limits = *limits;
	inf->sink = sink;
	inf->arg = arg;
	return (inf);
}

static int	layer_feed(struct inflate *, struct layer *, const char *,
		    size_t);

/* What a layer gave goes to the next one, or out. */
static int
layer_give(struct inflate *inf, struct layer *l, const char *p, size_t len)
{
	if (len == 0)
		return (0);
	if (len > inflate_allowed(&inf->limits, inf->in) - l->out) {
		inf->why = inflate_excess(&inf->limits, inf->in);
		return (-1);
	}
	l->out += len;
	if (l == inf->layers && l->state == LAYER_CODEC)
		return (layer_feed(inf, &inf->layers[1], p, len));
	if (inf->sink(p, len, inf->arg) == -1) {
		inf->why = "refused by its reader";
		return (-1);
	}
	return (0);
}

/* The codec gets all of p, and whoever follows what it makes of it. */
static int
layer_step(struct inflate *inf, struct layer *l, const char *p, size_t len)
{
	struct inflate_io io = { p, len, NULL, 0 };
	size_t before, given;
	int r;

	do {
		io.out = l->area;
		io.out_len = AREA;
		before = io.in_len;
		if ((r = l->codec->step(l->codec_state, &io, &inf->why)) == -1)
			return (-1);
		given = AREA - io.out_len;
		if (layer_give(inf, l, l->area, given) == -1)
			return (-1);
		if (r == 0 && given == 0 && io.in_len != 0 &&
		    io.in_len == before) {
			inf->why = INFLATE_WHY_MALFORMED;
			return (-1);
		}
	} while (r == 0 && (io.in_len != 0 || io.out_len == 0));
	if (r == 1)
		l->state = LAYER_OVER;
	return (0);
}

/* Its magic is complete, or there is no more of it. */
static int
layer_begin(struct inflate *inf, struct layer *l)
{
	l->codec = inflate_codec((int)inflate_format(l->magic, l->seen));
	if (l->codec == NULL) {
		l->state = LAYER_PLAIN;
		return (layer_give(inf, l, l->magic, l->seen));
	}
	if ((l->codec_state = l->codec->begin(&inf->limits)) == NULL ||
	    (l->area = malloc(AREA)) == NULL) {
		inf->why = INFLATE_WHY_MEMORY;
		return (-1);
	}
	l->state = LAYER_CODEC;
	return (layer_step(inf, l, l->magic, l->seen));
}

static int
layer_feed(struct inflate *inf, struct layer *l, const char *p, size_t len)
{
	size_t n;

	if (l->state == LAYER_SNIFF) {
		n = MAGIC - l->seen < len ? MAGIC - l->seen : len;
		memcpy(l->magic + l->seen, p, n);
		l->seen += n;
		p += n;
		len -= n;
		if (l->seen < MAGIC)
			return (0);
		if (layer_begin(inf, l) == -1)
			return (-1);
	}
	if (len == 0 || l->state == LAYER_OVER)
		return (0);
	return (l->state == LAYER_PLAIN ? layer_give(inf, l, p, len) :
	    layer_step(inf, l, p, len));
}

static int
layer_end(struct inflate *inf, struct layer *l)
{
	if (l->state == LAYER_SNIFF && layer_begin(inf, l) == -1)
		return (-1);
	if (l->state == LAYER_CODEC && !l->codec->complete(l->codec_state)) {
		inf->why = INFLATE_WHY_SHORT;
		return (-1);
	}
	return (0);
}

int
inflate_feed(struct inflate *inf, const char *p, size_t len, const char **why)
{
	inf->in += len;
	if (len != 0 && inf->why == NULL)
		(void)layer_feed(inf, &inf->layers[0], p, len);
	*why = inf->why;
	return (inf->why == NULL ? 0 : -1);
}

int
inflate_end(struct inflate *inf, const char **why)
{
	if (inf->why == NULL && layer_end(inf, &inf->layers[0]) == 0)
		(void)layer_end(inf, &inf->layers[1]);
	*why = inf->why;
	return (inf->why == NULL ? 0 : -1);
}

void
inflate_free(struct inflate *inf)
{
	struct layer *l;
	size_t i;

	if (inf == NULL)
		return;
	for (i = 0; i < 2; i++) {
		l = &inf->layers[i];
		if (l->codec != NULL)
			l->codec->end(l->codec_state);
		free(l->area);
	}
	free(inf);
}
