#include "upload.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "arrival.h"
#include "committer.h"
#include "conf.h"
#include "httpd.h"
#include "intake.h"
#include "intake_answer.h"
#include "intake_tally.h"
#include "log.h"
#include "multipart.h"
#include "record.h"
#include "record_request.h"

struct upload {
	struct intake	*in;
	struct httpd_request *request;	/* NULL: over */
	struct multipart *form;
	struct arrival	*arrival;	/* NULL: being committed, or none */
	char		 id[UUID_TEXT];
	uint64_t	 length;	/* of the body that is committed */
	int		 described;	/* an event part or a tag was seen */
	int		 committing;
};

/* What an upload has until its end. */
static void
upload_clear(struct upload *u)
{
	arrival_free(u->arrival);
	u->arrival = NULL;
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
upload_drop(struct upload *u, int status, const char *why, uint64_t at)
{
	struct httpd_request *request = u->request;
	struct intake *in = u->in;

	httpd_set_own(request, NULL);
	upload_free(u);
	intake_answer_error(request, in->tally, status, why, at);
}

/* Because of what was sent. */
static void
upload_refuse(struct upload *u, int status, const char *why, uint64_t at)
{
	intake_refused(u->in, u->request, status, why, at);
	upload_drop(u, status, why, at);
}

/* Because of the spool; cause is an errno, or 0. */
static void
upload_put_off(struct upload *u, const char *why, int cause)
{
	intake_put_off(u->in, u->request, why, cause);
	upload_drop(u, 503, why, INTAKE_NOWHERE);
}

static void
upload_fail(struct upload *u, int error)
{
	upload_put_off(u, intake_cause(u->in, error), error);
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
		upload_fail(u, ENOMEM);
	else
		upload_refuse(u, 400, why, INTAKE_NOWHERE);
	return (-1);
}

/* After an answer u is gone. */
static void
upload_open_draft(struct upload *u)
{
	struct arrival_trouble t = { NULL, ENOMEM };
	struct record r = { 0 };

	if (record_request(&r, u->request, u->in->conf, "recv", NULL) == 0)
		u->arrival = arrival_new(u->in, u->request, &r, &t);
	memcpy(u->id, r.id, sizeof(u->id));
	record_clear(&r);
	if (u->arrival != NULL)
		return;
	if (t.cause == EMSGSIZE)
		upload_refuse(u, 431, t.why, INTAKE_NOWHERE);
	else if (t.why == NULL)
		upload_fail(u, t.cause);
	else
		upload_put_off(u, t.why, t.cause);
}

void
upload_begin(struct intake *in, struct httpd_request *request)
{
	struct upload *u;

	if ((u = calloc(1, sizeof(*u))) == NULL) {
		intake_answer_error(request, in->tally, 503, "out of memory",
		    INTAKE_NOWHERE);
		return;
	}
	u->in = in;
	u->request = request;
	in->tally->uploads++;
	httpd_set_own(request, u);
	if (upload_open_form(u) == 0)
		upload_open_draft(u);
}

void
upload_feed(void *upload, const char *p, size_t len)
{
	struct upload *u = upload;
	struct arrival_trouble t;
	const char *why;
	uint64_t at;

	if (multipart_feed(u->form, p, len) == -1) {
		why = multipart_why(u->form, &at);
		upload_refuse(u, 400, why, at);
	} else if (arrival_feed(u->arrival, p, len, &t) == -1)
		upload_put_off(u, t.why, t.cause);
}

/* The client left while its record was being made: nobody to answer. */
static void
upload_unanswered(const struct upload *u, int error)
{
	if (error == 0)
		log_debug(u->id, "client left before the answer", "bytes=%llu",
		    (unsigned long long)u->length);
	else {
		log_err(u->id, "cannot commit a record", "error=%s",
		    log_quote(strerror(error)));
		u->in->tally->discarded[INTAKE_DISK]++;
	}
}

static void
on_commit(int error, int64_t took, void *arg)
{
	struct upload *u = arg;
	struct intake *in = u->in;

	u->committing = 0;
	intake_committed(in, error, took, u->length);
	if (u->request == NULL) {
		upload_unanswered(u, error);
		upload_free(u);
	} else if (error == 0) {
		log_info(u->id, "received", "remote=%s bytes=%llu",
		    httpd_remote(u->request), (unsigned long long)u->length);
		answer_id(u->request, in->tally, u->id);
	} else
		upload_fail(u, error);
}

void
upload_end(void *upload)
{
	struct upload *u = upload;
	const char *why;
	struct draft *draft;
	uint64_t at;

	u->length = arrival_length(u->arrival);
	if (multipart_finish(u->form) == -1) {
		why = multipart_why(u->form, &at);
		upload_refuse(u, 400, why, at);
		return;
	}
	if (!u->described) {
		upload_refuse(u, 400, "the form has neither an event part nor a "
		    "tags[] field", u->length);
		return;
	}
	draft = arrival_take(u->arrival);
	upload_clear(u);
	u->committing = 1;
	intake_committing(u->in);
	if (committer_run(u->in->committer, draft, on_commit, u) == -1) {
		u->committing = 0;
		u->in->tally->waiting--;
		upload_fail(u, errno);
	}
}

void
upload_gone(void *upload)
{
	struct upload *u = upload;

	u->request = NULL;
	/* What is complete becomes a record, whether the client waits or not:
	 * it may send it again, but it may also be gone for good. */
	if (u->committing)
		return;
	if (u->arrival != NULL) {
		u->in->tally->discarded[INTAKE_GONE]++;
		log_debug(NULL, "client left", "bytes=%llu",
		    (unsigned long long)arrival_length(u->arrival));
	}
	upload_free(u);
}
