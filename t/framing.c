#include "framing.h"

#include <stdlib.h>

#include <event2/buffer.h>

#include "entry.h"

enum { FRAMING_BODY, FRAMING_SIZE, FRAMING_CHUNK, FRAMING_CHUNK_END,
    FRAMING_TRAILER, FRAMING_DONE };

void
framing_begin(struct framing *f, const char *head)
{
	char value[64];

	f->left = f->length = 0;
	f->state = FRAMING_DONE;
	if (entry_field(head, "Transfer-Encoding", value, sizeof(value)) == 0)
		f->state = FRAMING_SIZE;
	else if (entry_field(head, "Content-Length", value,
	    sizeof(value)) == 0) {
		f->left = f->length = strtoull(value, NULL, 10);
		if (f->left != 0)
			f->state = FRAMING_BODY;
	}
}

static void
framing_line(struct framing *f, const char *line)
{
	if (f->state == FRAMING_CHUNK_END)
		f->state = FRAMING_SIZE;
	else if (f->state == FRAMING_SIZE) {
		f->left = strtoull(line, NULL, 16);
		f->state = f->left != 0 ? FRAMING_CHUNK : FRAMING_TRAILER;
	} else if (line[0] == '\0')
		f->state = FRAMING_DONE;
}

size_t
framing_next(struct framing *f, struct evbuffer *in)
{
	char *line;
	size_t n;

	while (f->state != FRAMING_DONE && f->left == 0) {
		line = evbuffer_readln(in, NULL, EVBUFFER_EOL_CRLF_STRICT);
		if (line == NULL)
			return (0);
		framing_line(f, line);
		free(line);
	}
	n = evbuffer_get_contiguous_space(in);
	return (n < f->left ? n : (size_t)f->left);
}

void
framing_took(struct framing *f, size_t n)
{
	f->left -= n;
	if (f->left == 0)
		f->state = f->state == FRAMING_BODY ? FRAMING_DONE :
		    FRAMING_CHUNK_END;
}

int
framing_done(const struct framing *f)
{
	return (f->state == FRAMING_DONE);
}
