#include "hand.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "crc32c.h"
#include "log.h"
#include "record.h"
#include "spool.h"

#define PIECE	65536

/* A stream of records, and what of it has been read and not yet used. */
struct stream {
	const char	*name;
	int		 fd;
	struct buf	 b;
	int		 ended;
};

/* More of the stream into b. -1: it has said why. */
static int
stream_read(struct stream *s)
{
	ssize_t n;

	if (buf_reserve(&s->b, PIECE) == -1) {
		log_err(NULL, "out of memory", "");
		return (-1);
	}
	do
		n = read(s->fd, s->b.p + s->b.len, PIECE);
	while (n == -1 && errno == EINTR);
	if (n == -1) {
		log_err(NULL, "cannot read", "file=%s error=%s",
		    log_quote(s->name), log_quote(strerror(errno)));
		return (-1);
	}
	s->ended = n == 0;
	s->b.len += (size_t)n;
	return (0);
}

/* The next header. 1: r is filled; 0: the stream is over; else an exit code. */
static int
stream_head(struct stream *s, struct record *r)
{
	const char *why;
	int result;

	for (;;) {
		result = s->b.len == 0 ? 1 :
		    record_parse(r, s->b.p, s->b.len, &why);
		if (result == 0)
			return (1);
		if (result == -1 || s->ended)
			break;
		if (stream_read(s) == -1)
			return (111);
	}
	if (s->b.len == 0)
		return (0);
	log_err(NULL, "no record", "file=%s why=%s", log_quote(s->name),
	    log_quote(result == -1 ? why : "it ends within a header"));
	return (100);
}

/* Copy the body behind r's header to d. 0, or an exit code. */
static int
stream_body(struct stream *s, const struct record *r, struct draft *d)
{
	uint64_t left = r->length;
	uint32_t head_crc, crc = 0;
	size_t n;

	memset(s->b.p + r->head - 10, '0', 8);
	head_crc = crc32c(0, s->b.p, r->head);
	buf_drop(&s->b, r->head);
	while (left > 0) {
		if (s->b.len == 0 && stream_read(s) == -1)
			return (111);
		if (s->b.len == 0) {
			log_err(r->id, "record is cut short", "file=%s",
			    log_quote(s->name));
			return (100);
		}
		n = left < s->b.len ? (size_t)left : s->b.len;
		crc = crc32c(crc, s->b.p, n);
		if (draft_write(d, s->b.p, n) == -1) {
			log_err(r->id, "cannot write a draft", "error=%s",
			    log_quote(strerror(errno)));
			return (111);
		}
		buf_drop(&s->b, n);
		left -= n;
	}
	if (crc32c_join(head_crc, crc, r->length) != r->crc) {
		log_err(r->id, "crc32c does not match", "file=%s",
		    log_quote(s->name));
		return (100);
	}
	return (0);
}

/* Is this very record in new/ already? errno is kept where it is not. */
static int
is_there(struct spool *spool, const struct record *r)
{
	char name[sizeof(SPOOL_NEW) + UUID_TEXT];
	struct record other = { .nlines = 0 };
	int saved = errno, fd, same = 0;
	const char *why;

	snprintf(name, sizeof(name), SPOOL_NEW "/%s", r->id);
	fd = openat(spool_dir(spool), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd != -1) {
		same = record_read(&other, fd, &why) == 0 && other.crc == r->crc;
		record_clear(&other);
		close(fd);
	}
	errno = saved;
	return (same);
}

static int
put_record(struct spool *spool, struct stream *s, struct record *r)
{
	struct draft *d;
	int result;

	if ((d = draft_new(spool, "spool", r)) == NULL ||
	    draft_reserve(d, r->length) == -1) {
		log_err(r->id, "cannot make a draft", "error=%s",
		    log_quote(strerror(errno)));
		draft_discard(d);
		return (111);
	}
	if ((result = stream_body(s, r, d)) != 0) {
		draft_discard(d);
		return (result);
	}
	if (draft_commit(d) == -1 &&
	    (errno != EEXIST || !is_there(spool, r))) {
		log_err(r->id, "cannot commit a record", "error=%s",
		    log_quote(strerror(errno)));
		return (111);
	}
	printf("%s\n", r->id);
	return (fflush(stdout) == 0 ? 0 : 111);
}

static int
put_stream(struct spool *spool, const char *name, int fd)
{
	struct stream s = { .name = name, .fd = fd };
	struct record r;
	int result;

	while ((result = stream_head(&s, &r)) == 1) {
		result = put_record(spool, &s, &r);
		record_clear(&r);
		if (result != 0)
			break;
	}
	buf_free(&s.b);
	return (result);
}

int
hand_put(struct spool *spool, int argc, char *argv[])
{
	int fd, i, result, worst = 0;

	if (argc < 2 || (argc == 2 && strcmp(argv[1], "-") == 0))
		return (put_stream(spool, "-", STDIN_FILENO));
	for (i = 1; i < argc; i++) {
		if ((fd = open(argv[i], O_RDONLY | O_CLOEXEC)) == -1) {
			log_err(NULL, "cannot open", "file=%s error=%s",
			    log_quote(argv[i]), log_quote(strerror(errno)));
			result = errno == ENOENT ? 100 : 111;
		} else {
			result = put_stream(spool, argv[i], fd);
			close(fd);
		}
		if (result > worst)
			worst = result;
	}
	return (worst);
}
