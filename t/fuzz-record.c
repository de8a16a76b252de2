/*
 * Any bytes as a record's header, cut anywhere: one that is taken can be
 * written again, and says the same then.
 */
/* covers: common/record.c common/record_read.c */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "crc32c.h"
#include "file.h"
#include "must.h"
#include "record.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
same_text(const char *a, const char *b)
{
	return (a == NULL || b == NULL ? a == b : strcmp(a, b) == 0);
}

static void
same(const struct record *a, const struct record *b)
{
	size_t i;

	must(strcmp(a->id, b->id) == 0 && strcmp(a->parent, b->parent) == 0 &&
	    a->kind == b->kind && a->length == b->length);
	must(same_text(a->source, b->source) &&
	    same_text(a->received, b->received) &&
	    same_text(a->remote, b->remote) &&
	    same_text(a->request, b->request) &&
	    same_text(a->content_type, b->content_type));
	must(a->nlines == b->nlines);
	for (i = 0; i < a->nlines; i++)
		must(strcmp(a->lines[i].name, b->lines[i].name) == 0 &&
		    strcmp(a->lines[i].value, b->lines[i].value) == 0);
}

/* The same bytes as a file are read as the same, if it is of that length. */
static void
file(const struct record *r, const char *p, size_t len)
{
	const char *why = NULL;
	struct record read;
	int fd = file_temp();

	must(fd != -1 && file_write(fd, p, len) == 0);
	if (record_read(&read, fd, &why) == 0) {
		must(read.head + read.length == len);
		same(r, &read);
		(void)record_check(&read, fd, &why);
		record_clear(&read);
	} else
		must(strcmp(why, "length does not match the file") == 0);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in, *why = NULL;
	struct buf head = { 0 };
	struct record r, again;
	int result = record_parse(&r, p, len, &why);

	must(result != -1 || why != NULL);
	if (result != 0)
		return (0);
	must(r.head <= len && r.head <= RECORD_HEAD_MAX);
	/* A header that ends where its blank line does. */
	must(record_parse(&again, p, r.head - 1, &why) == 1);
	if (record_encode(&r, &head) == 0) {
		record_seal(head.p, head.len, r.length, crc32c(0, p, 0));
		must(record_parse(&again, head.p, head.len, &why) == 0);
		same(&r, &again);
		record_clear(&again);
	}
	file(&r, p, len);
	buf_free(&head);
	record_clear(&r);
	return (0);
}
