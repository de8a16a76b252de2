#include "upload.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arrival.h"
#include "committer.h"
#include "httpd.h"
#include "intake.h"
#include "intake_answer.h"
#include "intake_tally.h"
#include "join.h"
#include "keep.h"
#include "log.h"
#include "order.h"
#include "pool.h"
#include "pyro.h"
#include "record.h"
#include "reply.h"
#include "sets.h"
#include "when.h"

struct upload {
	struct pyro	*pyro;
	struct httpd_request *request;	/* NULL: over */
	struct order	*order;
	int		 kind;		/* the order's */
	struct arrival	*arrival;	/* NULL: the body is complete */
	int64_t		 began;		/* the conversion: when_mono */
	int		 converting;	/* or finding places for the drafts */
	size_t		 left;		/* drafts not committed or stored */
	int		 error;		/* errno of one of them */
};

/* A draft on its way to where it stays. */
struct stored {
	struct upload	*upload;
	struct made	*made;
	/* Of a part: */
	struct set	*set;
	char		 name[JOIN_NAME];
	int		 error;
};

static void
upload_free(struct upload *u)
{
	u->pyro->in->tally->uploads--;
	arrival_free(u->arrival);
	order_free(u->order);
	free(u);
}

/* Answer, if there is still somebody; the caller must not touch u again. */
static void
upload_drop(struct upload *u, int status, const char *why)
{
	struct httpd_request *request = u->request;
	struct intake *in = u->pyro->in;
	int kind = u->kind;

	if (request != NULL)
		httpd_set_own(request, NULL);
	upload_free(u);
	if (request == NULL)
		return;
	if (status == 200)
		reply_done(request, in->tally, kind);
	else
		reply_error(request, in->tally, kind, status, why);
}

/* Because of what was sent. */
static void
upload_refuse(struct upload *u, int status, const char *why)
{
	if (u->request != NULL)
		intake_refused(u->pyro->in, u->request, status, why,
		    INTAKE_NOWHERE);
	upload_drop(u, status, why);
}

/* Because of the spool; cause is an errno, or 0. */
static void
upload_put_off(struct upload *u, const char *why, int cause)
{
	if (why == NULL)
		why = intake_cause(u->pyro->in, cause);
	if (u->request != NULL)
		intake_put_off(u->pyro->in, u->request, why, cause);
	else
		log_err(NULL, "cannot commit a record", "error=%s",
		    log_quote(why));
	upload_drop(u, 503, why);
}

void
upload_begin(struct pyro *pyro, struct httpd_request *request,
    struct order *order)
{
	struct arrival_trouble t;
	struct upload *u;

	if ((u = calloc(1, sizeof(*u))) == NULL) {
		reply_error(request, pyro->in->tally, order->kind, 503,
		    "out of memory");
		order_free(order);
		return;
	}
	u->pyro = pyro;
	u->request = request;
	u->order = order;
	u->kind = order->kind;
	pyro->in->tally->uploads++;
	httpd_set_own(request, u);
	u->arrival = arrival_new(pyro->in, request, order->record, &t);
	/* Each draft that is made gets an id of its own. */
	order->record->id[0] = '\0';
	if (u->arrival == NULL && t.cause == EMSGSIZE)
		upload_refuse(u, 431, t.why);
	else if (u->arrival == NULL)
		upload_put_off(u, t.why, t.cause);
}

void
upload_feed(void *upload, const char *p, size_t len)
{
	struct upload *u = upload;
	struct arrival_trouble t;

	if (arrival_feed(u->arrival, p, len, &t) == -1)
		upload_put_off(u, t.why, t.cause);
}

/* Answer, once nothing is left to wait for. */
static void
upload_over(struct upload *u)
{
	if (u->converting || u->left > 0)
		return;
	if (u->error != 0)
		upload_put_off(u, NULL, u->error);
	else
		upload_drop(u, 200, NULL);
}

/* One draft less. */
static void
upload_settle(struct upload *u, int error)
{
	if (error != 0)
		u->error = error;
	u->left--;
	upload_over(u);
}

static void
on_commit(int error, int64_t took, void *arg)
{
	struct stored *stored = arg;
	struct upload *u = stored->upload;
	struct intake *in = u->pyro->in;

	intake_committed(in, error, took, stored->made->length);
	if (error == 0)
		log_info(stored->made->id, "received", "remote=%s bytes=%llu",
		    u->order->record->remote,
		    (unsigned long long)stored->made->length);
	free(stored);
	upload_settle(u, error);
}

/* In a thread. */
static void
store_work(void *arg)
{
	struct stored *stored = arg;
	struct draft *draft = stored->made->draft;

	stored->made->draft = NULL;
	stored->error = keep_place(stored->upload->pyro->keep, draft,
	    stored->name) == -1 ? errno : 0;
}

static void
store_done(void *arg)
{
	struct stored *stored = arg;
	struct upload *u = stored->upload;
	struct pyro *pyro = u->pyro;

	if (stored->error == 0) {
		pyro->parts++;
		log_info(sets_id(stored->set), "part received",
		    "remote=%s bytes=%llu", u->order->record->remote,
		    (unsigned long long)stored->made->length);
	}
	sets_stored(pyro->sets, stored->set, stored->made->bits,
	    stored->error == 0);
	upload_settle(u, stored->error);
	free(stored);
}

/* -1: ENOMEM; the draft is gone. */
static int
upload_keep(struct upload *u, struct stored *stored)
{
	struct made *made = stored->made;
	struct pyro *pyro = u->pyro;

	stored->set = sets_take(pyro->sets, made->joint, made->key, made->bits,
	    u->order->wait, stored->name);
	if (stored->set == NULL)
		return (-1);
	if (pool_run(pyro->storing, store_work, store_done, stored) == 0)
		return (0);
	sets_stored(pyro->sets, stored->set, made->bits, 0);
	return (-1);
}

static int
upload_commit(struct upload *u, struct stored *stored)
{
	struct intake *in = u->pyro->in;
	struct draft *draft = stored->made->draft;

	stored->made->draft = NULL;
	intake_committing(in);
	if (committer_run(in->committer, draft, on_commit, stored) == 0)
		return (0);
	in->tally->waiting--;
	return (-1);
}

static void
upload_store(struct upload *u, struct made *made)
{
	struct stored *stored;
	int result = -1;

	if ((stored = calloc(1, sizeof(*stored))) != NULL) {
		stored->upload = u;
		stored->made = made;
		result = made->joint != NULL ? upload_keep(u, stored) :
		    upload_commit(u, stored);
	}
	if (result == 0) {
		u->left++;
		return;
	}
	free(stored);
	u->error = ENOMEM;
}

/* In a thread. */
static void
convert_work(void *arg)
{
	struct upload *u = arg;

	order_work(u->order);
}

static void
convert_done(void *arg)
{
	struct upload *u = arg;
	struct order *o = u->order;
	size_t i;

	histogram_time(&u->pyro->conversion, when_mono() - u->began);
	if (o->status == 503)
		upload_put_off(u, o->why, o->cause);
	else if (o->status != 0)
		upload_refuse(u, o->status, o->why);
	else {
		for (i = 0; i < o->n; i++)
			upload_store(u, &o->made[i]);
		u->converting = 0;
		upload_over(u);
	}
}

void
upload_end(void *upload)
{
	struct upload *u = upload;

	u->order->body = arrival_take(u->arrival);
	arrival_free(u->arrival);
	u->arrival = NULL;
	u->began = when_mono();
	u->converting = 1;
	if (pool_run(u->pyro->conversions, convert_work, convert_done, u) ==
	    -1) {
		u->converting = 0;
		upload_put_off(u, NULL, ENOMEM);
	}
}

void
upload_gone(void *upload)
{
	struct upload *u = upload;

	u->request = NULL;
	/* What has come whole is kept, whether its client waits or not. */
	if (u->converting || u->left > 0)
		return;
	if (u->arrival != NULL) {
		u->pyro->in->tally->discarded[INTAKE_GONE]++;
		log_debug(NULL, "client left", "bytes=%llu",
		    (unsigned long long)arrival_length(u->arrival));
	}
	upload_free(u);
}
