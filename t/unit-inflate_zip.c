/* parts: t/inflated.o t/packed.o */
#include "inflate.h"

#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "inflated.h"
#include "ok.h"
#include "packed.h"

#define SMALL		INFLATED_SMALL
#define MALFORMED	INFLATED_MALFORMED
#define SHORT		INFLATED_SHORT
#define CHECKSUM	INFLATED_CHECKSUM

static const char *text;

/* -1: that combination does not exist, or is for another test. */
static int
zip_tried(struct buf *b, int flags)
{
	if ((flags & PACKED_STORED) && (flags & PACKED_STREAMED) &&
	    (!(flags & PACKED_HEADED) || (flags & PACKED_ZIP64)))
		return (-1);
	packed_zip(b, text, SMALL, flags);
	if (!inflated_gives(b, text, SMALL))
		return (0);
	packed_zip(b, text, INFLATED_TEXT, flags);
	return (inflated_gives(b, text, INFLATED_TEXT));
}

static void
zip(struct buf *b)
{
	int flags, good = 1;

	for (flags = 0; flags < 64 && good; flags++)
		good = zip_tried(b, flags) != 0;
	ok(good, "zip: stored or not, zip64 or not, with a descriptor or not");
	packed_zip(b, text, SMALL, PACKED_ZIP64 | PACKED_EXTRA);
	b->len -= 6;
	ok(inflated_cuts(b, 4), "zip: cut short anywhere");
	packed_zip(b, text, SMALL, PACKED_STREAMED);
	b->len -= 6 + 4;
	ok(inflated_cuts(b, 4), "zip: also in the descriptor");
	packed_zip(b, text, SMALL, PACKED_STREAMED | PACKED_STORED);
	ok(inflated_refuses(b, "zip entry does not tell its length"),
	    "zip: a stored entry whose length is behind it is refused");
	packed_zip(b, text, SMALL, 0);
	b->p[8] = 12;
	ok(inflated_refuses(b, "zip method is not supported"),
	    "zip: another method is refused");
	packed_zip(b, text, SMALL, 0);
	b->p[6] |= 1;
	ok(inflated_refuses(b, "zip entry is encrypted"),
	    "zip: an encrypted entry is refused");
}

static void
zip_wrong(struct buf *b)
{
	packed_zip(b, text, SMALL, PACKED_STORED);
	b->p[14] ^= 1;
	ok(inflated_refuses(b, CHECKSUM), "zip: a wrong checksum is refused");
	packed_zip(b, text, SMALL, PACKED_STREAMED);
	b->p[b->len - 6 - 12] ^= 1;
	ok(inflated_refuses(b, CHECKSUM), "zip: also in the descriptor");
	packed_zip(b, text, SMALL, 0);
	b->p[18] ^= 1;
	ok(inflated_refuses(b, MALFORMED),
	    "zip: a wrong compressed length is refused");
	packed_zip(b, text, SMALL, 0);
	b->p[22] ^= 1;
	ok(inflated_refuses(b, MALFORMED), "zip: a wrong length is refused");
	packed_zip(b, text, SMALL, PACKED_STREAMED);
	b->p[b->len - 6 - 8] ^= 1;
	ok(inflated_refuses(b, MALFORMED), "zip: also in the descriptor");
}

/*
 * A deflated entry has nothing behind its last byte: what of its end finds no
 * more room is owed when there is no more input.
 */
static void
ends(struct buf *b)
{
	static const char zeros[66000];
	size_t n;
	int good = 1;

	for (n = 65530; n < 65900 && good; n += 23) {
		packed_zip(b, zeros, n, 0);
		b->len -= 6;
		good = inflated_gives(b, zeros, n);
	}
	ok(good, "zip: all of an entry comes, whatever room there is for it");
}

int
main(void)
{
	struct buf b = { 0 };

	text = inflated_text();
	zip(&b);
	zip_wrong(&b);
	ends(&b);
	buf_free(&b);
	return (failed);
}
