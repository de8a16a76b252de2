#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "uuid.h"

struct buf;

/*
 * A record: a text header, a blank line, a body. prof.7 has the format. The
 * last two header lines are length and crc32c, of fixed width, so that both
 * can be patched in when the body is complete.
 */
#define RECORD_HEAD_MAX	65536	/* bytes of header, with its blank line */
#define RECORD_TAIL	47	/* bytes from "length:" to the blank line's end */

enum record_kind { RECORD_PROFILE = 1, RECORD_METRIC = 2, RECORD_POINT = 4 };

/* A line of the header that can stand there more than once. */
struct record_line {
	char	*name;		/* "header", "tag" or "global-tag" */
	char	*value;
};

struct record {
	char		 id[UUID_TEXT];
	char		 parent[UUID_TEXT];	/* "": none */
	enum record_kind kind;
	char		*source;
	char		*received;	/* RFC 3339 */
	char		*remote;	/* NULL: none; so the next two */
	char		*request;
	char		*content_type;
	struct record_line *lines;
	size_t		 nlines;
	uint64_t	 length;	/* of the body */
	uint32_t	 crc;		/* of the whole record */
	size_t		 head;		/* length of the header, blank line in */
};

/* Forget and free all that r holds; r can be filled again. */
void	record_clear(struct record *r);

/* Append a copied line. -1: ENOMEM; EINVAL: a control byte in the value. */
int	record_add(struct record *r, const char *name, const char *value);

/* The next value of that name after the line *at (start with 0), or NULL. */
const char *record_next(const struct record *r, const char *name, size_t *at);

/*
 * Append r as a header to b, length and crc32c as zeros. -1: ENOMEM; EINVAL:
 * a value with a control byte; EMSGSIZE: over RECORD_HEAD_MAX.
 */
int	record_encode(const struct record *r, struct buf *b);

/*
 * Patch length and crc32c into an encoded header of head_len bytes.
 * body_crc is crc32c(0, body).
 */
void	record_seal(char *head, size_t head_len, uint64_t length,
	    uint32_t body_crc);

/*
 * Parse the header at p. 0 and r filled (free it with record_clear); 1: the
 * header is not complete in len bytes; -1: *why says what is wrong.
 */
int	record_parse(struct record *r, const char *p, size_t len,
	    const char **why);

/*
 * Read the header of a record file from its first byte and check that the
 * file's length is the record's. 0; -1 with *why (errno 0: the record is bad;
 * else what the disk said).
 */
int	record_read(struct record *r, int fd, const char **why);

/* Check the crc32c of a whole record file that record_read has read. */
int	record_check(const struct record *r, int fd, const char **why);

/* "profile", "metric", "point"; and back, 0: none of them. */
const char *record_kind_name(enum record_kind);
enum record_kind record_kind(const char *name, size_t len);

#endif
