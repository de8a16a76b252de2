#include "arrival.h"

#include <errno.h>
#include <stdlib.h>

#include "committer.h"
#include "httpd.h"
#include "intake.h"
#include "record.h"
#include "room.h"
#include "spool.h"

struct arrival {
	struct intake	*in;
	struct httpd_request *request;
	struct draft	*draft;
	struct held	 held;
	uint64_t	 length;	/* of the body so far */
	uint64_t	 promised;	/* room that is ours and not used yet */
};

static int
arrival_disk(struct arrival *a, struct arrival_trouble *t)
{
	t->cause = errno;
	t->why = errno == EMSGSIZE ? "headers too large to keep" :
	    intake_cause(a->in, errno);
	return (-1);
}

static int
arrival_promise(struct arrival *a, uint64_t len, struct arrival_trouble *t)
{
	t->cause = 0;
	if ((t->why = room_promise(a->in->room, len)) != NULL)
		return (-1);
	a->promised += len;
	return (0);
}

/* The draft with its header, and its space. */
static int
arrival_open(struct arrival *a, struct record *r, struct arrival_trouble *t)
{
	int64_t length = httpd_length(a->request);
	uint64_t known = length > 0 ? (uint64_t)length : 0;

	t->cause = 0;
	if ((t->why = room_open(a->in->room)) != NULL ||
	    arrival_promise(a, known, t) == -1)
		return (-1);
	a->draft = draft_new(a->in->spool, a->in->prog, r);
	if (a->draft == NULL ||
	    (known > 0 && draft_reserve(a->draft, known) == -1))
		return (arrival_disk(a, t));
	committer_hold(a->in->committer, &a->held, a->request);
	return (0);
}

struct arrival *
arrival_new(struct intake *in, struct httpd_request *request,
    struct record *r, struct arrival_trouble *t)
{
	struct arrival *a;

	if ((a = calloc(1, sizeof(*a))) == NULL) {
		t->cause = ENOMEM;
		t->why = intake_cause(in, ENOMEM);
		return (NULL);
	}
	a->in = in;
	a->request = request;
	if (arrival_open(a, r, t) == 0)
		return (a);
	arrival_free(a);
	return (NULL);
}

int
arrival_feed(struct arrival *a, const char *p, size_t len,
    struct arrival_trouble *t)
{
	/* Of unknown length: room is promised as it comes. */
	if (httpd_length(a->request) == -1 && arrival_promise(a, len, t) == -1)
		return (-1);
	if (draft_write(a->draft, p, len) == -1)
		return (arrival_disk(a, t));
	room_wrote(a->in->room, len);
	a->promised -= len;
	a->length += len;
	committer_begin(a->in->committer, a->draft);
	committer_hold(a->in->committer, &a->held, a->request);
	return (0);
}

uint64_t
arrival_length(const struct arrival *a)
{
	return (a->length);
}

struct draft *
arrival_take(struct arrival *a)
{
	struct draft *draft = a->draft;

	a->draft = NULL;
	return (draft);
}

void
arrival_free(struct arrival *a)
{
	if (a == NULL)
		return;
	committer_drop(a->in->committer, &a->held);
	draft_discard(a->draft);
	room_release(a->in->room, a->promised);
	free(a);
}
