#include "envelope.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "endpoint.h"
#include "event_write.h"
#include "file.h"
#include "form_write.h"
#include "kind.h"
#include "order.h"
#include "plan.h"
#include "pulled.h"
#include "record.h"
#include "spool.h"
#include "version.h"
#include "when.h"

#define PIECE	65536

/* Add the line "name: key SEPARATOR value", control bytes as blanks. */
static int
add_line(struct record *r, const char *name, const char *key,
    const char *separator, const char *value)
{
	struct buf b = { 0 };
	int result = -1;
	size_t i;

	if (buf_addf(&b, "%s%s%s", key, separator, value) == 0 &&
	    buf_str(&b) != NULL) {
		for (i = 0; i < b.len; i++)
			if ((unsigned char)b.p[i] < 0x20 || b.p[i] == 0x7f)
				b.p[i] = ' ';
		result = record_add(r, name, b.p);
	}
	buf_free(&b);
	return (result);
}

static int
add_tags(struct record *r, const char *name, const struct conf_pairs *tags)
{
	size_t i;

	for (i = 0; i < tags->n; i++)
		if (add_line(r, name, tags->v[i].key, "=",
		    tags->v[i].value) == -1)
			return (-1);
	return (0);
}

/* What fills gaps; of two of a key the first counts. */
static int
add_globals(struct record *r, const struct conf *conf)
{
	if (conf->election && conf->profile_election) {
		if (conf->enable_namespace_tag && add_line(r, "global-tag",
		    "election_namespace", "=",
		    conf->election_namespace) == -1)
			return (-1);
		if (add_tags(r, "global-tag", &conf->election_tags) == -1)
			return (-1);
	}
	return (add_tags(r, "global-tag", &conf->global_host_tags));
}

int
envelope_head(struct record *r, const struct order *o,
    const struct pulled *first, int64_t at)
{
	const struct conf *conf = o->plan->conf;
	char received[WHEN_TEXT], type[FORM_WRITE_TYPE], start[32];
	const char *host;
	size_t len;

	when_format(received, at, 9);
	form_write_type(type, r->id);
	host = endpoint_host(o->url, &len);
	r->kind = RECORD_PROFILE;
	r->source = strdup("pull");
	r->received = strdup(received);
	r->remote = strndup(host, len);
	r->content_type = strdup(type);
	if (r->source == NULL || r->received == NULL || r->remote == NULL ||
	    r->content_type == NULL)
		return (-1);
	snprintf(start, sizeof(start), "%lld", (long long)first->start);
	if (add_line(r, "header", "X-Datakit-UnixNano", ": ", start) == -1 ||
	    add_line(r, "header", "X-Datakit-Version", ": ",
	    "prof/" VERSION) == -1 ||
	    add_tags(r, "tag", &conf->tags) == -1)
		return (-1);
	return (add_globals(r, conf));
}

static int
event_text(struct buf *b, const struct order *o, const struct pulled *p,
    size_t n)
{
	const char *files[KINDS];
	struct event_write event = {
		.format = "pprof",
		.profiler = "pprof",
		.language = "golang",
		.attachments = files,
		.n = n,
		.tags = o->tags,
		.own = o->own_tags,
		.start = p->start,
		.end = p->end,
	};
	size_t i;

	for (i = 0; i < n; i++)
		files[i] = kinds[p[i].kind].file;
	return (event_write(&event, b));
}

/* Copy a profile's bytes. */
static int
write_file(struct draft *d, int fd, uint64_t length)
{
	char *p = malloc(PIECE);
	uint64_t off;
	size_t len;
	int result = 0;

	if (p == NULL)
		return (-1);
	for (off = 0; result == 0 && off < length; off += len) {
		len = length - off < PIECE ? (size_t)(length - off) : PIECE;
		result = file_pread(fd, p, len, off);
		if (result == 0)
			result = draft_write(d, p, len);
	}
	free(p);
	return (result);
}

static int
write_part(struct draft *d, const char *id, const struct pulled *p)
{
	int fd = p->delta != -1 ? p->delta : p->fd;
	struct buf b = { 0 };
	size_t head;
	int result = -1;

	if (form_write_file(&b, id, kinds[p->kind].file) == 0) {
		head = b.len;
		if (form_write_next(&b) == 0 &&
		    draft_write(d, b.p, head) == 0 &&
		    write_file(d, fd, p->length) == 0)
			result = draft_write(d, b.p + head, b.len - head);
	}
	buf_free(&b);
	return (result);
}

int
envelope_body(struct draft *d, const char *id, const struct order *o,
    const struct pulled *p, size_t n)
{
	struct buf b = { 0 };
	uint64_t length = 0;
	int result = -1;
	size_t i;

	if (form_write_event(&b, id) == -1 ||
	    event_text(&b, o, p, n) == -1 || form_write_next(&b) == -1 ||
	    form_write_end(&b, id) == -1)
		goto out;
	for (i = 0; i < n; i++)
		length += p[i].length;
	if (draft_reserve(d, length + b.len) == -1)
		goto out;
	for (i = 0; i < n; i++)
		if (write_part(d, id, &p[i]) == -1)
			goto out;
	result = draft_write(d, b.p, b.len);
out:
	buf_free(&b);
	return (result);
}
