#include "spill.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"

struct spill {
	struct buf	text;		/* all of it, or what the file lacks */
	int		fd;		/* -1: all of it is in memory */
	uint64_t	written;
};

struct spill *
spill_new(void)
{
	struct spill *s;

	if ((s = calloc(1, sizeof(*s))) != NULL)
		s->fd = -1;
	return (s);
}

void
spill_free(struct spill *s)
{
	if (s == NULL)
		return;
	if (s->fd != -1)
		close(s->fd);
	buf_free(&s->text);
	free(s);
}

static int
spill_flush(struct spill *s)
{
	if (s->fd == -1 && (s->fd = file_temp()) == -1)
		return (-1);
	if (file_write(s->fd, s->text.p, s->text.len) == -1)
		return (-1);
	s->written += s->text.len;
	s->text.len = 0;
	return (0);
}

int
spill_add(struct spill *s, const void *p, size_t len)
{
	const char *from = p;
	size_t n;

	while (len > 0) {
		if (s->text.len == SPILL_MAX && spill_flush(s) == -1)
			return (-1);
		n = SPILL_MAX - s->text.len;
		if (n > len)
			n = len;
		if (buf_add(&s->text, from, n) == -1)
			return (-1);
		from += n;
		len -= n;
	}
	return (0);
}

int
spill_close(struct spill *s)
{
	if (s->fd == -1)
		return (0);
	if (spill_flush(s) == -1)
		return (-1);
	buf_free(&s->text);
	return (0);
}

uint64_t
spill_length(const struct spill *s)
{
	return (s->written + s->text.len);
}

int
spill_read(const struct spill *s, uint64_t off, void *p, size_t len)
{
	if (s->fd != -1)
		return (file_pread(s->fd, p, len, off));
	memcpy(p, s->text.p + off, len);
	return (0);
}
