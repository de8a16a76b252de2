/*
 * A Dataway names who is elected, as it does for the reference (DataKit,
 * internal/io/dataway/dwapis.go, Election and ElectionHeartbeat). It says when
 * it wants to be asked again, and not how long it waits after that before it
 * names another: so what it says is good for that long and no longer, and who
 * is elected asks after half of it.
 */
#include "elect_dataway.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "elect_backend.h"
#include "elect_http.h"
#include "file.h"
#include "secret.h"
#include "when.h"

#define FIRST		(4 * WHEN_SECOND)	/* until it says another */
#define PAUSE		(WHEN_SECOND / 10)	/* at least */
#define TOKEN_MAX	65536

struct elect_dataway {
	struct elect	*elect;
	struct elect_http *http;
	struct event	*again;
	char		*name_space;
	char		*id;
	char		*query;
	int64_t		 interval;
	int64_t		 until;		/* when_mono; 0: not elected */
};

static void
wait_until(struct elect_dataway *d, int64_t then)
{
	int64_t left = then - when_mono();
	struct timeval tv;

	if (left < PAUSE)
		left = PAUSE;
	tv = when_timeval(left);
	(void)evtimer_add(d->again, &tv);
}

/* No answer, or a bad one: what was said before stands as long as it does. */
static void
failed(struct elect_dataway *d, const char *why)
{
	int64_t now = when_mono();

	(void)elect_http_next(d->http);
	elect_fail(d->elect, why);
	if (now < d->until) {
		wait_until(d, now + d->interval / 4);
		return;
	}
	d->until = 0;
	elect_lose(d->elect, why);
	wait_until(d, now + d->interval);
}

static void
on_answer(const struct elect_http_answer *answer, void *arg)
{
	struct elect_dataway *d = arg;
	struct elect_dataway_answer a;
	const char *why = answer->why;
	char said[300];

	if (why != NULL || elect_dataway_parse(answer->p, answer->len,
	    d->name_space, d->id, &a, &why) == -1) {
		failed(d, why);
		return;
	}
	elect_http_good(d->http);
	d->interval = a.interval;
	elect_led_by(d->elect, a.leader);
	if (a.elected) {
		d->until = elect_bound(answer->sent, a.interval);
		elect_hold(d->elect, d->until, 0, "the dataway has said so");
		wait_until(d, answer->sent + a.interval / 2);
	} else {
		d->until = 0;
		snprintf(said, sizeof(said), "another is elected: %s",
		    a.leader);
		elect_lose(d->elect, said);
		wait_until(d, answer->sent + a.interval);
	}
	if (a.odd != NULL)
		elect_fail(d->elect, a.odd);
	else
		elect_answered(d->elect);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct elect_dataway *d = arg;
	int elected = when_mono() < d->until;

	(void)fd;
	(void)what;
	if (elect_http_send(d->http, elected ? "/v1/election/heartbeat" :
	    "/v1/election", d->query, NULL, "", d->interval / 2) == -1)
		failed(d, "out of memory");
}

/* Append "&key=value", the value escaped. */
static int
add(struct buf *b, const char *key, const char *value)
{
	char *escaped = curl_easy_escape(NULL, value, 0);
	int result = -1;

	if (escaped != NULL)
		result = buf_addf(b, "%s%s=%s", b->len > 0 ? "&" : "", key,
		    escaped);
	curl_free(escaped);
	return (result);
}

/* What stands behind the url's own query; the token is hidden from then on. */
static int
make_query(struct elect_dataway *d, const char *token_file, const char **why)
{
	struct buf b = { 0 }, token = { 0 };
	char *p;

	if (token_file != NULL) {
		*why = "token_file cannot be read";
		if (file_load(token_file, TOKEN_MAX, &token) == -1 ||
		    buf_str(&token) == NULL)
			goto fail;
		p = token.p + strspn(token.p, " \t\r\n");
		p[strcspn(p, " \t\r\n")] = '\0';
		*why = NULL;
		if (add(&b, "token", p) == -1 || secret_add(
		    elect_http_secrets(d->http), p, strlen(p)) == -1)
			goto fail;
	}
	if (add(&b, "namespace", d->name_space) == -1 ||
	    add(&b, "id", d->id) == -1 || buf_str(&b) == NULL)
		goto fail;
	d->query = b.p;
	buf_free(&token);
	return (0);
fail:
	buf_free(&b);
	buf_free(&token);
	return (-1);
}

static void
dataway_end(void *own)
{
	struct elect_dataway *d = own;

	/* There is no word for resigning: we are not heard of any more. */
	elect_http_free(d->http);
	if (d->again != NULL)
		event_free(d->again);
	free(d->name_space);
	free(d->id);
	free(d->query);
	free(d);
}

/* Our own urls, or the first of [dataway] and how it is reached. */
static struct elect_http *
reach(struct elect_dataway *d, struct event_base *base,
    const struct conf *conf, const char **token_file)
{
	const struct conf_destination *to = conf_destination(conf, "main");
	struct conf_list first;
	struct elect_http_peer peer = {
		.elect = d->elect,
		.urls = &conf->election_urls,
		.ca_file = conf->election_ca_file,
		.cert_file = conf->election_cert_file,
		.key_file = conf->election_key_file,
	};

	*token_file = NULL;
	if (conf->election_urls.n == 0) {
		first = to->url;
		first.n = 1;
		peer.urls = &first;
		peer.proxy = to->http_proxy;
		peer.ca_file = to->ca_file;
		peer.cert_file = to->cert_file;
		peer.key_file = to->key_file;
		*token_file = to->token_file;
	}
	return (elect_http_new(base, &peer, on_answer, d));
}

static void *
dataway_begin(struct elect *e, struct event_base *base,
    const struct conf *conf, const struct elect_candidate *candidate,
    const char **why)
{
	static const struct timeval soon = { 0 };
	struct elect_dataway *d;
	const char *token_file;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return (NULL);
	d->elect = e;
	d->interval = FIRST;
	d->name_space = strdup(conf->election_namespace);
	d->id = strdup(candidate->id);
	d->again = evtimer_new(base, on_again, d);
	if (d->name_space != NULL && d->id != NULL && d->again != NULL &&
	    (d->http = reach(d, base, conf, &token_file)) != NULL &&
	    make_query(d, token_file, why) == 0 &&
	    evtimer_add(d->again, &soon) == 0)
		return (d);
	dataway_end(d);
	errno = ENOMEM;
	return (NULL);
}

static int
dataway_busy(const void *own)
{
	(void)own;
	return (0);
}

const struct elect_backend elect_dataway = {
	"dataway", dataway_begin, dataway_end, dataway_busy
};
