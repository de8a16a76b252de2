#ifndef JSON_H
#define JSON_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * A JSON text (RFC 8259) whose top level is an object, checked as it comes in
 * pieces of any size, in bounded memory: a client's event can be as large as
 * its request, and must be spliced as text so that every byte we did not mean
 * to change survives (jansson would load it at 20 times its size, round its
 * numbers and fold its keys). Nested values are checked and not reported.
 * Bytes of strings that are no UTF-8 are let through, as Go's decoder does.
 */
struct json;

enum json_type { JSON_STRING, JSON_NUMBER, JSON_OBJECT, JSON_ARRAY, JSON_TRUE,
    JSON_FALSE, JSON_NULL };

struct json_member {
	const char	*key;		/* decoded, NUL-terminated; keys over
					   255 bytes are cut, \u0000 stays as
					   it is written */
	enum json_type	 type;
	uint64_t	 start;		/* of the value; of a string its quote */
	uint64_t	 end;		/* behind it */
};

/* on_member is called for each member of the top-level object, in order. */
struct json *json_new(unsigned int max_depth,
	    void (*on_member)(const struct json_member *, void *arg),
	    void *arg);

/*
 * Also call on_begin where a member's value begins (its end is not known yet),
 * and, of those that are strings, on_text with the inside as it comes, as it
 * is written; a piece may end within an escape.
 */
void	json_watch(struct json *,
	    void (*on_begin)(const struct json_member *, void *arg),
	    void (*on_text)(const char *p, size_t len, void *arg));

int	json_feed(struct json *, const char *p, size_t len);

/*
 * The text is complete. 0; -1: it was no object or malformed; *why and *at
 * (offset) say so. Also after json_feed returned -1.
 */
int	json_finish(struct json *, const char **why, uint64_t *at);

/* Offsets of the object's closing brace; and whether it has any member. */
uint64_t json_close(const struct json *);
int	json_empty(const struct json *);
void	json_free(struct json *);

/*
 * The inside of a JSON string, taken apart as it comes: either a run of bytes
 * that stand for themselves (text is raw then) or one escape, a pair of
 * surrogates being one. A lone surrogate is U+FFFD. All zeros begins one.
 * on_unit returns -1 to stop. -1: it did, or EINVAL: malformed.
 */
struct json_text {
	char	escape[12];
	size_t	n;
};

typedef int	json_unit(const char *raw, size_t raw_len, const char *text,
		    size_t len, void *arg);

int	json_text_feed(struct json_text *, const char *p, size_t len,
	    json_unit *on_unit, void *arg);
int	json_text_end(struct json_text *, json_unit *on_unit, void *arg);

/*
 * Append p as the inside of a JSON string (no quotes around it); what is no
 * UTF-8 becomes U+FFFD.
 */
int	json_escape(struct buf *, const char *p, size_t len);

/*
 * The length of the UTF-8 sequence (RFC 3629) that p begins with; 0: it is
 * none; -1: it may become one with more than the len bytes there are, which
 * are at least 1.
 */
int	json_sequence(const char *p, size_t len);

/* How many bytes at the end of p begin a UTF-8 sequence that goes on. */
size_t	json_unfinished(const char *p, size_t len);

/*
 * Decode the inside of a JSON string that json_feed has accepted. A lone
 * surrogate becomes U+FFFD. -1: ENOMEM, or EINVAL where it is malformed.
 */
int	json_unescape(struct buf *, const char *p, size_t len);

#endif
