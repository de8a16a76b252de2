/*
 * Election by an etcd. A candidate has a lease, which it renews, and looks at
 * what stands below its namespace's prefix. Mode leader: who makes the key
 * "leader" is elected as long as its lease lives. Mode shard: whoever has a
 * key below "members/" is a member, and has the work that elect_members_owner
 * gives it among all that it sees.
 */
#include "elect_etcd_host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "elect.h"
#include "elect_backend.h"
#include "elect_etcd.h"
#include "elect_http.h"
#include "file.h"
#include "secret.h"
#include "when.h"

#define PERIOD		WHEN_SECOND		/* at most */
#define TIMEOUT_MIN	(WHEN_SECOND / 4)
#define JOINED		(WHEN_SECOND / 20)	/* until it is seen */
#define AUTH_MAX	65536			/* bytes of auth_file */

static const char *const paths[] = { "/v3/auth/authenticate",
    "/v3/lease/grant", "/v3/lease/keepalive", "/v3/kv/range", "/v3/kv/txn",
    "/v3/kv/txn" };

void
elect_etcd_wait(struct elect_etcd *d, int64_t left)
{
	struct timeval tv = when_timeval(left);

	(void)evtimer_add(d->again, &tv);
}

/* Between looks, and after what failed. */
int64_t
elect_etcd_period(const struct elect_etcd *d)
{
	int64_t quarter = d->wanted * WHEN_SECOND / 4;

	return (quarter < PERIOD ? quarter : PERIOD);
}

static int64_t
timeout(const struct elect_etcd *d)
{
	int64_t quarter = d->wanted * WHEN_SECOND / 4;

	return (quarter > TIMEOUT_MIN ? quarter : TIMEOUT_MIN);
}

/* No answer, or a bad one: what was found before stands as long as it does. */
static void
failed(struct elect_etcd *d, const char *why)
{
	elect_fail(d->elect, why);
	if (elect_until(d->elect) == 0)
		elect_lose(d->elect, why);
	elect_etcd_wait(d, elect_http_next(d->http) ? 0 :
	    elect_etcd_period(d));
}

static int
make_login(struct elect_etcd *d, struct buf *b)
{
	struct buf file = { 0 };
	char *colon;
	int result = -1;

	if (file_load(d->auth_file, AUTH_MAX, &file) == -1 ||
	    buf_str(&file) == NULL)
		goto out;
	file.p[strcspn(file.p, "\r\n")] = '\0';
	errno = EINVAL;
	if ((colon = strchr(file.p, ':')) == NULL)
		goto out;
	*colon++ = '\0';
	if (secret_add(elect_http_secrets(d->http), colon,
	    strlen(colon)) == 0)
		result = elect_etcd_login(b, file.p, colon);
out:
	buf_free(&file);
	return (result);
}

static int
make(struct elect_etcd *d, struct buf *b)
{
	switch (d->step) {
	case ELECT_ETCD_LOGIN:
		return (make_login(d, b));
	case ELECT_ETCD_GRANT:
		return (elect_etcd_grant(b, d->wanted));
	case ELECT_ETCD_RENEW:
		return (elect_etcd_lease(b, d->lease));
	case ELECT_ETCD_LOOK:
		return (elect_etcd_look(b, d->keys));
	case ELECT_ETCD_CAMPAIGN:
		return (elect_etcd_campaign(b, d->keys, d->lease, d->name,
		    d->last_revision));
	default:
		return (elect_etcd_join(b, d->keys, d->lease, d->seconds,
		    d->name));
	}
}

void
elect_etcd_ask(struct elect_etcd *d, enum elect_etcd_step step)
{
	struct buf b = { 0 };

	d->step = step;
	errno = ENOMEM;
	if (make(d, &b) == -1 || buf_str(&b) == NULL)
		failed(d, step == ELECT_ETCD_LOGIN && errno != ENOMEM ?
		    "auth_file cannot be read, or has no user:password" :
		    "out of memory");
	else if (elect_http_send(d->http, paths[step], "",
	    step == ELECT_ETCD_LOGIN ? NULL : d->token, b.p, timeout(d)) == -1)
		failed(d, "out of memory");
	buf_free(&b);
}

static void
begin_step(struct elect_etcd *d)
{
	elect_etcd_ask(d, d->auth_file != NULL && d->token == NULL ? ELECT_ETCD_LOGIN :
	    d->lease == 0 ? ELECT_ETCD_GRANT : ELECT_ETCD_RENEW);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct elect_etcd *d = arg;

	(void)fd;
	(void)what;
	d->refused = 0;
	begin_step(d);
}

/* All that hung on the lease is over. */
static void
lease_gone(struct elect_etcd *d)
{
	d->lease = 0;
	d->won = 0;
	d->joined = 0;
	elect_lose(d->elect, "the lease is gone");
}

static int
looked(struct elect_etcd *d, const struct elect_http_answer *a,
    const char **why)
{
	struct elect_etcd_view v = { 0 };
	int result;

	result = elect_etcd_view(a->p, a->len, d->keys, d->lease, &v, why);
	if (result == 0) {
		elect_http_good(d->http);
		elect_answered(d->elect);
		if (d->shard)
			elect_etcd_look_shard(d, &v);
		else
			elect_etcd_look_leader(d, &v);
	}
	elect_etcd_view_clear(&v);
	return (result);
}

/* A lease: made or renewed, or gone. */
static int
leased(struct elect_etcd *d, const struct elect_http_answer *a,
    const char **why)
{
	int64_t seconds;

	if ((d->step == ELECT_ETCD_GRANT ? elect_etcd_granted(a->p, a->len, &d->lease,
	    &seconds, why) : elect_etcd_renewed(a->p, a->len, &seconds,
	    why)) == -1)
		return (-1);
	if (seconds == 0) {
		lease_gone(d);
		elect_etcd_ask(d, ELECT_ETCD_GRANT);
		return (0);
	}
	d->seconds = seconds;
	d->leased = a->sent;
	elect_etcd_ask(d, ELECT_ETCD_LOOK);
	return (0);
}

static int
campaigned(struct elect_etcd *d, const struct elect_http_answer *a,
    const char **why)
{
	int done = elect_etcd_done(a->p, a->len, why);

	if (done == -1)
		return (-1);
	if (done && d->step == ELECT_ETCD_CAMPAIGN)
		elect_etcd_led(d, d->last != NULL && strcmp(d->last, d->name) == 0);
	else if (done)
		elect_etcd_wait(d, JOINED);
	else
		/* Another was first: to be seen when we look again. */
		elect_etcd_wait(d, elect_etcd_period(d));
	return (0);
}

static int
answered(struct elect_etcd *d, const struct elect_http_answer *a,
    const char **why)
{
	switch (d->step) {
	case ELECT_ETCD_LOGIN:
		if ((d->token = elect_etcd_token(a->p, a->len, why)) == NULL)
			return (-1);
		begin_step(d);
		return (0);
	case ELECT_ETCD_LOOK:
		return (looked(d, a, why));
	case ELECT_ETCD_CAMPAIGN:
	case ELECT_ETCD_JOIN:
		return (campaigned(d, a, why));
	default:
		return (leased(d, a, why));
	}
}

static void
on_answer(const struct elect_http_answer *a, void *arg)
{
	struct elect_etcd *d = arg;
	const char *why = a->why;
	char said[256];
	int code = 0;

	if (why != NULL && a->status != 0)
		code = elect_etcd_error(a->p, a->len, said, sizeof(said));
	if (code != 0) {
		secret_hide(elect_http_secrets(d->http), said);
		why = said;
	}
	if (code == ELECT_ETCD_UNAUTHENTICATED && d->step != ELECT_ETCD_LOGIN) {
		/* Tokens do not last; a new one is asked for, once. */
		free(d->token);
		d->token = NULL;
		if (d->auth_file != NULL && !d->refused) {
			d->refused = 1;
			begin_step(d);
			return;
		}
	}
	if (code == ELECT_ETCD_NOT_FOUND)
		lease_gone(d);
	if (why != NULL || answered(d, a, &why) == -1)
		failed(d, why);
}

/* Who comes next need not wait for the lease's end. */
static void
resign(struct elect_etcd *d)
{
	struct buf b = { 0 };

	if (elect_etcd_lease(&b, d->lease) == 0 && buf_str(&b) != NULL)
		elect_http_last(d->http, "/v3/lease/revoke", d->token, b.p);
	buf_free(&b);
}

static void
etcd_end(void *own)
{
	struct elect_etcd *d = own;

	if (d->lease != 0)
		resign(d);
	elect_http_free(d->http);
	if (d->again != NULL)
		event_free(d->again);
	if (d->keys != NULL)
		elect_etcd_keys_clear(d->keys);
	free(d->keys);
	free(d->name);
	free(d->auth_file);
	free(d->token);
	free(d->last);
	free(d);
}

static void *
etcd_begin(struct elect *e, struct event_base *base, const struct conf *conf,
    const struct elect_candidate *candidate, const char **why)
{
	const struct elect_http_peer peer = {
		.elect = e,
		.urls = &conf->election_urls,
		.ca_file = conf->election_ca_file,
		.cert_file = conf->election_cert_file,
		.key_file = conf->election_key_file,
	};
	static const struct timeval soon = { 0 };
	struct elect_etcd *d;

	*why = NULL;
	if ((d = calloc(1, sizeof(*d))) == NULL)
		return (NULL);
	d->elect = e;
	d->shard = conf->election_mode == CONF_SHARD;
	d->wanted = (conf->election_lease + WHEN_SECOND - 1) / WHEN_SECOND;
	d->name = strdup(candidate->name);
	d->again = evtimer_new(base, on_again, d);
	d->http = elect_http_new(base, &peer, on_answer, d);
	d->keys = calloc(1, sizeof(*d->keys));
	if (d->keys != NULL &&
	    elect_etcd_keys(d->keys, conf->election_namespace) == 0 &&
	    d->name != NULL && d->again != NULL && d->http != NULL &&
	    (conf->election_auth_file == NULL || (d->auth_file =
	    strdup(conf->election_auth_file)) != NULL) &&
	    evtimer_add(d->again, &soon) == 0)
		return (d);
	etcd_end(d);
	errno = ENOMEM;
	return (NULL);
}

static int
etcd_busy(const void *own)
{
	(void)own;
	return (0);
}

const struct elect_backend elect_etcd = {
	"etcd", etcd_begin, etcd_end, etcd_busy
};
