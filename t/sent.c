#include "sent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cmd/ship/parcel.h"
#include "file.h"
#include "multipart.h"

void
sent_make(struct sent *s, const struct buf *body, const char *type,
    const char *const *lines)
{
	static const char *const lookup[] = { "team", "long" };
	static const struct multipart_limits limits = { 65536, 8192 };
	struct buf head = { 0 };
	char name[32];
	const char *space;

	memset(s, 0, sizeof(*s));
	s->fd = file_temp();
	s->r.kind = RECORD_PROFILE;
	s->r.source = strdup("recv");
	s->r.received = strdup(SENT_RECEIVED);
	s->r.content_type = strdup(type);
	strcpy(s->r.id, "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11");
	for (; *lines != NULL; lines++) {
		space = strchr(*lines, ' ');
		snprintf(name, sizeof(name), "%.*s", (int)(space - *lines),
		    *lines);
		record_add(&s->r, name, space + 1);
	}
	s->r.length = body->len;
	record_encode(&s->r, &head);
	s->r.head = head.len;
	if (file_write(s->fd, head.p, head.len) == -1 ||
	    file_write(s->fd, body->p, body->len) == -1)
		perror("file_write");
	buf_free(&head);
	errno = 0;
	s->parcel = parcel_new(s->fd, &s->r, &limits, lookup, 2, &s->why);
	s->error = errno;
	s->profile = s->parcel != NULL ? parcel_profile(s->parcel) : NULL;
}

void
sent_free(struct sent *s)
{
	parcel_free(s->parcel);
	record_clear(&s->r);
	buf_free(&s->body);
	close(s->fd);
}

int
sent_read(struct sent *s, size_t step)
{
	uint64_t off, len = parcel_length(s->parcel);
	size_t n;

	s->body.len = 0;
	if (buf_reserve(&s->body, len + 1) == -1)
		return (-1);
	for (off = 0; off < len; off += n) {
		n = len - off < step ? (size_t)(len - off) : step;
		if (parcel_read(s->parcel, off, s->body.p + off, n) == -1)
			return (-1);
	}
	s->body.len = len;
	return (parcel_read(s->parcel, len, s->body.p, 1) == -1 ? 0 : -1);
}

const struct parcel_part *
sent_event(const struct sent *s)
{
	size_t i;

	for (i = 0; i < parcel_parts(s->parcel); i++)
		if (parcel_part(s->parcel, i)->is_event)
			return (parcel_part(s->parcel, i));
	return (NULL);
}
