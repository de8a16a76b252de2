#include "upload.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "committer.h"
#include "conf.h"
#include "envelope.h"
#include "httpd.h"
#include "intake.h"
#include "log.h"
#include "multipart.h"
#include "record.h"
#include "room.h"
#include "spool.h"
#include "tally.h"
#include "trouble.h"

struct upload {
	struct intake	*in;
	struct httpd_request *request;	/* NULL: over */
	struct multipart *form;
	struct draft	*draft;		/* NULL: being committed, or none */
	char		 id[UUID_TEXT];
	struct held	 held;
	uint64_t	 length;	/* of the body so far */
	uint64_t	 promised;	/* room that is ours and not used yet */
	int		 described;	/* an event part or a tag was seen */
	int		 committing;
};

/* The draft, the promise and the form: what an upload has until its end. */
static void
upload_clear(struct upload *u)
{
	draft_discard(u->draft);
	u->draft = NULL;
	room_release(u->in->room, u->promised);
	u->promised = 0;
	multipart_free(u->form);
	u->form = NULL;
}

static void
upload_free(struct upload *u)
{
	u->in->tally->uploads--;
	upload_clear(u);
	free(u);
}

/* Give up the draft and answer. The caller must not touch u again. */
static void
upload_drop(struct upload *u, int status, enum tally_why reason,
    const char *why, uint64_t at)
{
	struct httpd_request *request = u->request;
	struct intake *in = u->in;

	in->tally->discarded[reason]++;
	httpd_set_own(request, NULL);
	committer_drop(in->committer, &u->held);
	upload_free(u);
	answer_error(request, in->tally, status, why, at);
}

/* Because of what was sent. */
static void
upload_refuse(struct upload *u, int status, const char *why, uint64_t at)
{
	log_warn(NULL, "upload refused",
	    "remote=%s status=%d reason=%s offset=%lld",
	    httpd_remote(u->request), status, log_quote(why),
	    at == ANSWER_NOWHERE ? -1 : (long long)at);
	upload_drop(u, status, TALLY_BAD, why, at);
}

/* Because of the spool; cause is an errno, or 0. */
static void
upload_put_off(struct upload *u, const char *why, int cause)
{
	trouble_refused(u->in->trouble, httpd_remote(u->request), why, cause);
	upload_drop(u, 503, TALLY_DISK, why, ANSWER_NOWHERE);
}

/* What to tell a client of errno. */
static const char *
upload_disk(const struct intake *in)
{
	if (in->spool == NULL)
		return ("the output cannot be written");
	switch (errno) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ("no space in the spool");
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		return ("out of memory or descriptors");
	default:
		return ("the spool cannot be written");
	}
}

static void
upload_fail(struct upload *u)
{
	int cause = errno;

	upload_put_off(u, upload_disk(u->in), cause);
}

/* A profile describes itself by an event, or by tags[] fields (older). */
static void
on_part(const struct multipart_part *part, void *arg)
{
	struct upload *u = arg;

	if ((part->name != NULL && (strcmp(part->name, "event") == 0 ||
	    strcmp(part->name, "event.json") == 0 ||
	    strcmp(part->name, "tags[]") == 0)) ||
	    (part->filename != NULL &&
	    strcmp(part->filename, "event.json") == 0))
		u->described = 1;
}

/* The multipart check. -1 after an answer; u is gone. */
static int
upload_open_form(struct upload *u)
{
	static const struct multipart_calls calls = { .on_part = on_part };
	const char *type = httpd_header(u->request, "content-type");
	struct multipart_limits limits;
	const char *why;

	limits.parts = (size_t)u->in->conf->multipart_parts;
	limits.head = (size_t)u->in->conf->multipart_head;
	errno = 0;
	u->form = multipart_new(type != NULL ? type : "", &limits, &calls, u,
	    &why);
	if (u->form != NULL)
		return (0);
	if (errno == ENOMEM)
		upload_fail(u);
	else
		upload_refuse(u, 400, why, ANSWER_NOWHERE);
	return (-1);
}

/* The draft with its header, and its space. -1 after an answer; u is gone. */
static int
upload_open_draft(struct upload *u)
{
	struct record r = { 0 };
	int64_t length = httpd_length(u->request);
	int error = 0;

	if (envelope_fill(&r, u->request, u->in->conf) == -1 ||
	    (u->draft = draft_new(u->in->spool, "recv", &r)) == NULL ||
	    (length > 0 && draft_reserve(u->draft, (uint64_t)length) == -1))
		error = errno;
	memcpy(u->id, r.id, sizeof(u->id));
	record_clear(&r);
	if (error == 0)
		return (0);
	errno = error;
	if (error == EMSGSIZE)
		upload_refuse(u, 431, "headers too large to keep",
		    ANSWER_NOWHERE);
	else
		upload_fail(u);
	return (-1);
}

void
upload_begin(struct intake *in, struct httpd_request *request)
{
	int64_t length = httpd_length(request);
	struct upload *u;
	const char *why;

	if ((u = calloc(1, sizeof(*u))) == NULL) {
		answer_error(request, in->tally, 503, "out of memory",
		    ANSWER_NOWHERE);
		return;
	}
	u->in = in;
	u->request = request;
	in->tally->uploads++;
	httpd_set_own(request, u);
	if (upload_open_form(u) == -1)
		return;
	if ((why = room_open(in->room)) == NULL &&
	    (why = room_promise(in->room, length > 0 ? (uint64_t)length : 0)) ==
	    NULL)
		u->promised = length > 0 ? (uint64_t)length : 0;
	if (why != NULL) {
		upload_put_off(u, why, 0);
		return;
	}
	if (upload_open_draft(u) == 0)
		committer_hold(in->committer, &u->held, request);
}

void
upload_feed(struct upload *u, const char *p, size_t len)
{
	const char *why;
	uint64_t at;

	if (u == NULL)
		return;
	if (multipart_feed(u->form, p, len) == -1) {
		why = multipart_why(u->form, &at);
		upload_refuse(u, 400, why, at);
		return;
	}
	/* Of unknown length: room is promised as it comes. */
	if (httpd_length(u->request) == -1) {
		if ((why = room_promise(u->in->room, len)) != NULL) {
			upload_put_off(u, why, 0);
			return;
		}
		u->promised += len;
	}
	if (draft_write(u->draft, p, len) == -1) {
		upload_fail(u);
		return;
	}
	room_wrote(u->in->room, len);
	u->promised -= len;
	u->length += len;
	committer_hold(u->in->committer, &u->held, u->request);
}

/* The client left while its record was being made: nobody to answer. */
static void
upload_unanswered(const struct upload *u, int error)
{
	if (error == 0)
		log_debug(u->id, "client left before the answer", "bytes=%llu",
		    (unsigned long long)u->length);
	else {
		log_err(u->id, "spool", "error=%s", log_quote(strerror(error)));
		u->in->tally->discarded[TALLY_DISK]++;
	}
}

static void
on_commit(int error, int64_t took, void *arg)
{
	struct upload *u = arg;
	struct intake *in = u->in;

	in->tally->waiting--;
	in->tally->commits++;
	in->tally->commit_time += took;
	u->committing = 0;
	if (error == 0) {
		trouble_taken(in->trouble);
		in->tally->records++;
		in->tally->bytes += u->length;
	}
	if (u->request == NULL) {
		upload_unanswered(u, error);
		upload_free(u);
	} else if (error == 0) {
		log_info(u->id, "received", "remote=%s bytes=%llu",
		    httpd_remote(u->request), (unsigned long long)u->length);
		answer_id(u->request, in->tally, u->id);
	} else {
		errno = error;
		upload_fail(u);
	}
	/* To an output there is no second try: its stream is torn. */
	if (error != 0 && in->spool == NULL && !in->broken) {
		in->broken = 1;
		in->on_broken();
	}
}

void
upload_end(struct upload *u)
{
	const char *why;
	struct draft *draft;
	uint64_t at;

	if (u == NULL)
		return;
	if (multipart_finish(u->form) == -1) {
		why = multipart_why(u->form, &at);
		upload_refuse(u, 400, why, at);
		return;
	}
	if (!u->described) {
		upload_refuse(u, 400,
		    "neither an event part nor a tags[] field", u->length);
		return;
	}
	draft = u->draft;
	u->draft = NULL;
	upload_clear(u);
	u->committing = 1;
	u->in->tally->waiting++;
	if (committer_run(u->in->committer, draft, on_commit, u) == -1) {
		u->committing = 0;
		u->in->tally->waiting--;
		upload_fail(u);
	}
}

void
upload_gone(struct upload *u)
{
	if (u == NULL)
		return;
	committer_drop(u->in->committer, &u->held);
	u->request = NULL;
	/* What is complete becomes a record, whether the client waits or not:
	 * it may send it again, but it may also be gone for good. */
	if (u->committing)
		return;
	if (u->draft != NULL) {
		u->in->tally->discarded[TALLY_GONE]++;
		log_debug(NULL, "client left", "bytes=%llu",
		    (unsigned long long)u->length);
	}
	upload_free(u);
}
