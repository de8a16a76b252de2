#ifndef INFLATE_CODEC_H
#define INFLATE_CODEC_H

/* Of inflate*.c only: one compressed format, taken apart in pieces. */

#include <stddef.h>
#include <stdint.h>

struct inflate_limits;
struct z_stream_s;

#define INFLATE_WHY_MEMORY	"out of memory"
#define INFLATE_WHY_SHORT	"compressed bytes are cut short"
#define INFLATE_WHY_MALFORMED	"compressed bytes are malformed"
#define INFLATE_WHY_CHECKSUM	"checksum does not match"
#define INFLATE_WHY_BYTES	"inflates to more bytes than the limit"
#define INFLATE_WHY_RATIO	"inflates by more than the ratio allowed"

/* What there is to read, and the room to write; both move on. */
struct inflate_io {
	const char	*in;
	size_t		 in_len;
	char		*out;		/* never NULL */
	size_t		 out_len;
};

struct inflate_codec {
	/* NULL: ENOMEM. */
	void	*(*begin)(const struct inflate_limits *);
	/*
	 * Go on until there is no input, no room, or no more to come. 1: it
	 * ended, whatever follows; 0: more input or room is wanted; -1: *why.
	 */
	int	(*step)(void *, struct inflate_io *, const char **why);
	/* May the input end here? */
	int	(*complete)(const void *);
	void	(*end)(void *);		/* NULL is harmless */
};

/* NULL: INFLATE_NONE. */
const struct inflate_codec *inflate_codec(int format);

extern const struct inflate_codec inflate_gzip, inflate_zlib, inflate_frames,
	    inflate_zip;

/* How many bytes a layer may give where the outermost input has in bytes. */
uint64_t inflate_allowed(const struct inflate_limits *, uint64_t in);

/* Why it may not give more. */
const char *inflate_excess(const struct inflate_limits *, uint64_t in);

/* inflate(3) of zlib, as a step. */
int	inflate_z_step(struct z_stream_s *, struct inflate_io *,
	    const char **why);

uint32_t inflate_le32(const unsigned char *p);

#endif
