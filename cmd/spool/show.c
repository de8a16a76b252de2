#include "hand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "buf.h"
#include "file.h"
#include "log.h"
#include "multipart.h"
#include "record.h"
#include "spool.h"
#include "walk.h"
#include "when.h"

#define PIECE		65536
#define EVENT_MAX	65536	/* a larger event's tags are not shown */

/* What is learned of the parts on the way through the body. */
struct parts {
	uint64_t	 start;		/* of the content of the one we are in */
	int		 is_event, is_tag;
	struct buf	 event;		/* up to EVENT_MAX + 1 bytes */
	struct buf	 tag;
	struct buf	 tags;		/* lines to print in the end */
};

static int
is_event(const struct multipart_part *part)
{
	return ((part->name != NULL && (strcmp(part->name, "event") == 0 ||
	    strcmp(part->name, "event.json") == 0)) ||
	    (part->filename != NULL &&
	    strcmp(part->filename, "event.json") == 0));
}

static void
on_part(const struct multipart_part *part, void *arg)
{
	struct parts *p = arg;

	p->start = part->body;
	p->is_event = is_event(part);
	p->is_tag = part->name != NULL && strcmp(part->name, "tags[]") == 0;
	p->tag.len = 0;
	printf("part: %s %s", part->name != NULL ? part->name : "-",
	    part->filename != NULL ? part->filename : "-");
}

static void
on_body(const char *p, size_t len, void *arg)
{
	struct parts *parts = arg;
	struct buf *b = parts->is_event ? &parts->event : &parts->tag;

	if (!parts->is_event && !parts->is_tag)
		return;
	if (len > EVENT_MAX + 1 - b->len)
		len = EVENT_MAX + 1 - b->len;
	buf_add(b, p, len);
}

static void
on_end(uint64_t end, void *arg)
{
	struct parts *p = arg;

	printf(" %llu\n", (unsigned long long)(end - p->start));
	if (p->is_tag && p->tag.len <= EVENT_MAX)
		buf_addf(&p->tags, "tag: %s\n", buf_str(&p->tag));
}

/* The tags of the event, one a line. */
static void
show_event_tags(struct parts *p)
{
	json_t *event, *tags;
	const char *tag;
	size_t len;

	if (p->event.len > EVENT_MAX)
		return;
	event = json_loadb(p->event.p, p->event.len, 0, NULL);
	tags = json_object_get(event, "tags_profiler");
	for (tag = json_string_value(tags); tag != NULL && *tag != '\0';) {
		len = strcspn(tag, ",");
		buf_addf(&p->tags, "tag: %.*s\n", (int)len, tag);
		tag += len + (tag[len] == ',');
	}
	json_decref(event);
}

static int
show_parts(const struct record *r, int fd)
{
	static const struct multipart_limits limits = { .parts = SIZE_MAX,
	    .head = RECORD_HEAD_MAX };
	static const struct multipart_calls calls = { on_part, on_body, on_end };
	struct parts p = { .start = 0 };
	char piece[PIECE];
	struct multipart *m;
	const char *why;
	uint64_t off, at;
	size_t n;
	int result = 0;

	if ((m = multipart_new(r->content_type, &limits, &calls, &p,
	    &why)) == NULL)
		return (0);	/* no multipart: there are no parts to show */
	for (off = 0; off < r->length && result == 0; off += n) {
		n = r->length - off < PIECE ? (size_t)(r->length - off) : PIECE;
		if (file_pread(fd, piece, n, r->head + off) == -1)
			result = -1;
		else if (multipart_feed(m, piece, n) == -1)
			break;
	}
	if (result == 0 && multipart_finish(m) == -1)
		printf("\nbroken: %s at byte %llu\n", multipart_why(m, &at),
		    (unsigned long long)at);
	if (p.tags.len == 0 && p.event.len > 0)
		show_event_tags(&p);
	if (p.tags.len > 0)
		fwrite(p.tags.p, 1, p.tags.len, stdout);
	multipart_free(m);
	buf_free(&p.event);
	buf_free(&p.tag);
	buf_free(&p.tags);
	return (result);
}

static int
show_header(int fd, struct record *r)
{
	const char *why;
	char *text;
	int result = -1;

	if (record_read(r, fd, &why) == -1) {
		printf("broken: %s\n", why);
		return (-1);
	}
	if ((text = malloc(r->head)) == NULL)
		return (-1);
	if (file_pread(fd, text, r->head, 0) == 0 &&
	    fwrite(text, 1, r->head, stdout) == r->head)
		result = 0;
	free(text);
	if (record_check(r, fd, &why) == -1)
		printf("broken: %s\n", why);
	return (result);
}

struct wanted {
	struct spool	*spool;
	const char	*id;
};

/* "in: queue/main", with what is known of it there. */
static int
show_place(const struct place *p, void *arg)
{
	const struct wanted *w = arg;
	struct buf why = { 0 };
	char due[WHEN_TEXT], name[300];

	if (strcmp(p->id, w->id) != 0)
		return (0);
	printf("in: %s%s%s", p->state, *p->queue != '\0' ? "/" : "", p->queue);
	if (p->attempts > 0) {
		when_format(due, p->due * WHEN_SECOND, 0);
		printf(" attempts %u due %s", p->attempts, due);
	}
	printf("\n");
	snprintf(name, sizeof(name), "%s.why", p->path);
	if (strcmp(p->state, SPOOL_DEAD) == 0 &&
	    file_slurp(spool_dir(w->spool), name, EVENT_MAX, &why) == 0)
		fwrite(why.p, 1, why.len, stdout);
	buf_free(&why);
	return (0);
}

static int
show_record(struct spool *spool, const char *prefix)
{
	struct record r = { .nlines = 0 };
	struct wanted w = { .spool = spool };
	struct place p;
	int fd, result;

	if ((result = hand_open(spool, prefix, &p, &fd)) != 0)
		return (result);
	if (show_header(fd, &r) == -1)
		result = 100;
	else if (r.content_type != NULL && show_parts(&r, fd) == -1)
		result = 111;
	w.id = p.id;
	if (walk(spool_dir(spool), NULL, NULL, show_place, &w) == -1)
		result = 111;
	if (result == 111)
		log_err(p.id, "cannot read a record", "error=%s",
		    log_quote(strerror(errno)));
	record_clear(&r);
	close(fd);
	return (result);
}

int
hand_show(struct spool *spool, int argc, char *argv[])
{
	int i, result, worst = 0;

	if (argc < 2) {
		fprintf(stderr, "prof-spool show: of which record?\n"
		    "usage: prof-spool show id ...\n");
		return (2);
	}
	for (i = 1; i < argc; i++)
		if ((result = show_record(spool, argv[i])) > worst)
			worst = result;
	return (fflush(stdout) == 0 ? worst : hand_unwritten());
}
