#ifndef INFLATED_H
#define INFLATED_H

#include <stddef.h>

struct buf;
struct inflate_limits;

/* What tests of common/inflate share. */

#define INFLATED_MALFORMED	"compressed bytes are malformed"
#define INFLATED_SHORT	"compressed bytes are cut short"
#define INFLATED_CHECKSUM	"checksum does not match"
#define INFLATED_OVER	"inflates to more bytes than the limit"
#define INFLATED_RATIO	"inflates by more than the ratio allowed"

/* Bytes that compress a little, of more than one block of lz4. */
#define INFLATED_TEXT	200000
#define INFLATED_SMALL	300

const char *inflated_text(void);

/*
 * Do in as a whole and in pieces give what is expected (why NULL), or the
 * error why? Says what differs. Empties in.
 */
int	inflated_within(const struct inflate_limits *, struct buf *in,
	    const char *expected, size_t len, const char *why);

/* The same with limits that do not matter. */
int	inflated_gives(struct buf *in, const char *expected, size_t len);
int	inflated_refuses(struct buf *in, const char *why);

/* Is in cut short wherever it is cut behind its first n bytes? Empties in. */
int	inflated_cuts(struct buf *in, size_t n);

#endif
