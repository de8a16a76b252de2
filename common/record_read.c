/* The reading half of record.h: a header is bytes from a disk or a stranger. */
#include "record.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crc32c.h"
#include "file.h"

#define MAGIC	"prof-record 1\n"
#define PIECE	65536

/* Digits of a base with nothing around them. -1: not so, or over 64 bits. */
static int
number(const char *p, size_t len, size_t digits, unsigned int base,
    uint64_t *out)
{
	static const char digit[] = "0123456789abcdef";
	const char *d;
	uint64_t v = 0;
	size_t i;

	if (len != digits)
		return (-1);
	for (i = 0; i < len; i++) {
		d = p[i] != '\0' ? strchr(digit, p[i]) : NULL;
		if (d == NULL || (unsigned int)(d - digit) >= base ||
		    __builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(d - digit), &v))
			return (-1);
	}
	*out = v;
	return (0);
}

static int
take_id(char id[UUID_TEXT], const char *p, size_t len)
{
	if (len != UUID_LEN)
		return (-1);
	memcpy(id, p, len);
	id[len] = '\0';
	return (uuid_valid(id) ? 0 : -1);
}

/* A line that may stand there once. */
static const char *
take_once(char **field, const char *p, size_t len)
{
	if (*field != NULL)
		return ("a header line stands twice");
	if ((*field = strndup(p, len)) == NULL)
		return ("out of memory");
	return (NULL);
}

/* A line that may stand there often. */
static const char *
take_repeated(struct record *r, const char *name, const char *p, size_t len)
{
	char *value;
	int result;

	if ((value = strndup(p, len)) == NULL)
		return ("out of memory");
	result = record_add(r, name, value);
	free(value);
	return (result == -1 ? "out of memory" : NULL);
}

/* What was wrong with "name: value", or NULL. */
static const char *
take_line(struct record *r, const char *name, size_t name_len,
    const char *value, size_t len)
{
	char copy[16];
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			return ("control byte in a header line");
	if (name_len >= sizeof(copy))
		return ("unknown header line");
	memcpy(copy, name, name_len);
	copy[name_len] = '\0';
	if (strcmp(copy, "id") == 0)
		return (r->id[0] != '\0' || take_id(r->id, value, len) == -1 ?
		    "bad id" : NULL);
	if (strcmp(copy, "parent") == 0)
		return (r->parent[0] != '\0' ||
		    take_id(r->parent, value, len) == -1 ? "bad parent" : NULL);
	if (strcmp(copy, "kind") == 0)
		return (r->kind != 0 ||
		    (r->kind = record_kind(value, len)) == 0 ? "bad kind" :
		    NULL);
	if (strcmp(copy, "source") == 0)
		return (take_once(&r->source, value, len));
	if (strcmp(copy, "received") == 0)
		return (take_once(&r->received, value, len));
	if (strcmp(copy, "remote") == 0)
		return (take_once(&r->remote, value, len));
	if (strcmp(copy, "request") == 0)
		return (take_once(&r->request, value, len));
	if (strcmp(copy, "content-type") == 0)
		return (take_once(&r->content_type, value, len));
	if (strcmp(copy, "header") == 0 || strcmp(copy, "tag") == 0 ||
	    strcmp(copy, "global-tag") == 0)
		return (take_repeated(r, copy, value, len));
	return ("unknown header line");
}

/* The lines between the first and the tail. */
static const char *
take_lines(struct record *r, const char *p, const char *end)
{
	const char *colon, *newline, *why;

	for (; p < end; p = newline + 1) {
		newline = memchr(p, '\n', (size_t)(end - p));
		colon = memchr(p, ':', (size_t)(newline - p));
		if (colon == NULL || colon + 1 == newline || colon[1] != ' ')
			return ("a header line is not \"name: value\"");
		why = take_line(r, p, (size_t)(colon - p), colon + 2,
		    (size_t)(newline - colon - 2));
		if (why != NULL)
			return (why);
	}
	if (r->id[0] == '\0' || r->kind == 0 || r->source == NULL ||
	    r->received == NULL)
		return ("id, kind, source or received is missing");
	return (NULL);
}

/* length and crc32c, of fixed form, last. */
static const char *
take_tail(struct record *r, const char *tail)
{
	uint64_t crc;

	if (memcmp(tail, "length: ", 8) != 0 || tail[28] != '\n' ||
	    number(tail + 8, 20, 20, 10, &r->length) == -1)
		return ("bad length");
	if (memcmp(tail + 29, "crc32c: ", 8) != 0 ||
	    number(tail + 37, 8, 8, 16, &crc) == -1)
		return ("bad crc32c");
	r->crc = (uint32_t)crc;
	return (NULL);
}

int
record_parse(struct record *r, const char *p, size_t len, const char **why)
{
	size_t magic = strlen(MAGIC), seen = len < magic ? len : magic;
	const char *blank;

	memset(r, 0, sizeof(*r));
	if (memcmp(p, MAGIC, seen) != 0) {
		*why = seen >= 12 && memcmp(p, MAGIC, 12) == 0 ?
		    "unknown version of record" : "not a record";
		return (-1);
	}
	if (len > RECORD_HEAD_MAX)
		len = RECORD_HEAD_MAX;
	if ((blank = memmem(p, len, "\n\n", 2)) == NULL) {
		if (len < RECORD_HEAD_MAX)
			return (1);
		*why = "header over 64 KiB";
		return (-1);
	}
	r->head = (size_t)(blank + 2 - p);
	if (r->head < magic + RECORD_TAIL) {
		*why = "header too short";
		goto fail;
	}
	if (p[r->head - RECORD_TAIL - 1] != '\n') {
		*why = "bad length";
		goto fail;
	}
	*why = take_lines(r, p + magic, p + r->head - RECORD_TAIL);
	if (*why == NULL)
		*why = take_tail(r, p + r->head - RECORD_TAIL);
	if (*why == NULL)
		return (0);
fail:
	record_clear(r);
	return (-1);
}

int
record_read(struct record *r, int fd, const char **why)
{
	struct stat st;
	char *p = NULL;
	size_t len;
	int result = -1, saved;

	*why = "cannot read";
	memset(r, 0, sizeof(*r));
	if (fstat(fd, &st) == -1)
		return (-1);
	/* A header is mostly short; read all that one can be only if not. */
	for (len = 4096;; len = RECORD_HEAD_MAX) {
		if ((off_t)len > st.st_size)
			len = (size_t)st.st_size;
		free(p);
		if ((p = malloc(len + 1)) == NULL ||
		    file_pread(fd, p, len, 0) == -1)
			goto out;
		result = record_parse(r, p, len, why);
		if (result != 1 || len == RECORD_HEAD_MAX ||
		    (off_t)len == st.st_size)
			break;
	}
	errno = 0;
	if (result == 1)
		*why = "header is cut short";
	else if (result == 0 && r->length != (uint64_t)st.st_size - r->head)
		*why = "length does not match the file";
	else
		goto out;
	result = -1;
	record_clear(r);
out:
	saved = errno;
	free(p);
	errno = saved;
	return (result);
}

int
record_check(const struct record *r, int fd, const char **why)
{
	char p[PIECE];
	uint64_t off = 0, end = r->head + r->length;
	uint32_t crc = 0;
	size_t n;

	*why = "cannot read";
	while (off < end) {
		n = end - off < PIECE ? (size_t)(end - off) : PIECE;
		/* The header is a piece of its own: its crc reads as zeros. */
		if (off == 0)
			n = r->head;
		if (file_pread(fd, p, n, off) == -1)
			return (-1);
		if (off == 0)
			memset(p + r->head - 10, '0', 8);
		crc = crc32c(crc, p, n);
		off += n;
	}
	errno = 0;
	*why = "crc32c does not match";
	return (crc == r->crc ? 0 : -1);
}
