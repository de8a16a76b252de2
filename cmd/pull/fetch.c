#include "fetch.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "buf.h"
#include "conf.h"
#include "credential.h"
#include "endpoint.h"
#include "log.h"
#include "multi.h"
#include "order.h"
#include "scratch.h"
#include "secret.h"
#include "version.h"
#include "when.h"

#define SAID_MAX	160	/* of an error's body that is kept */
#define ERROR_MAX	65536	/* of it that is read */
#define REDIRECTS	5

const char *const fetch_ends[FETCH_ENDS] = { "ok", "unreached", "timeout",
    "status", "redirect", "large", "spool", "late" };

struct fetcher {
	struct multi	*multi;
	const struct spool *spool;
};

struct fetch {
	struct fetcher	*fetcher;
	const struct order *order;
	struct credential *credential;
	CURL		*easy;
	char		*url;
	char		*socket;	/* NULL: none */
	uint64_t	 limit;
	int		 fd;
	int		 error;		/* errno of writing to it */
	int		 large;
	unsigned int	 redirects;
	int64_t		 deadline;	/* when_mono */
	uint64_t	 got;		/* of the body */
	size_t		 nsaid;
	char		 said[SAID_MAX + 1];
	char		 curl_said[CURL_ERROR_SIZE];
	struct fetch_outcome outcome;
	int		(*may)(void *);
	void		(*on_done)(const struct fetch_outcome *, void *);
	void		*arg;
};

static long
fetch_status(const struct fetch *f)
{
	long status = 0;

	curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	return (status);
}

/* Of what is no profile the beginning is kept, to be told. */
static size_t
fetch_listen(struct fetch *f, const char *p, size_t len)
{
	size_t keep = SAID_MAX - f->nsaid;

	if (keep > len)
		keep = len;
	memcpy(f->said + f->nsaid, p, keep);
	f->nsaid += keep;
	f->got += len;
	return (f->got > ERROR_MAX ? 0 : len);
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;

	n *= size;
	if (fetch_status(f) != 200)
		return (fetch_listen(f, p, n));
	if (n > f->limit - f->got) {
		f->large = 1;
		return (0);
	}
	if (scratch_write(f->fd, f->fetcher->spool, f->got, p, n) == -1) {
		f->error = errno;
		return (0);
	}
	f->got += n;
	return (n);
}

static int
on_send(void *arg, char *theirs, char *ours, int their_port, int our_port)
{
	const struct fetch *f = arg;

	(void)theirs;
	(void)ours;
	(void)their_port;
	(void)our_port;
	return (f->may(f->arg) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT);
}

/* One line of printable bytes. */
static void
clean(char *s)
{
	size_t i;

	s[strcspn(s, "\r\n")] = '\0';
	for (i = 0; s[i] != '\0'; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			s[i] = '?';
}

static void __attribute__((format(printf, 3, 4)))
fetch_fail(struct fetch *f, enum fetch_end end, const char *fmt, ...)
{
	struct fetch_outcome *o = &f->outcome;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->reason, sizeof(o->reason), fmt, ap);
	va_end(ap);
	clean(o->reason);
	o->end = end;
}

/* In the same words each time: what libcurl says may have times in it. */
static void
fetch_unreached(struct fetch *f, CURLcode code)
{
	long error = 0;

	curl_easy_getinfo(f->easy, CURLINFO_OS_ERRNO, &error);
	if (code == CURLE_COULDNT_CONNECT && error != 0)
		fetch_fail(f, FETCH_UNREACHED, "cannot connect: %s",
		    strerror((int)error));
	else if (code == CURLE_PARTIAL_FILE || f->curl_said[0] == '\0')
		fetch_fail(f, FETCH_UNREACHED, "%s",
		    curl_easy_strerror(code));
	else
		fetch_fail(f, FETCH_UNREACHED, "%s", f->curl_said);
}

/* What a transfer that ended with code has come to. */
static void
fetch_judge(struct fetch *f, CURLcode code)
{
	long status = fetch_status(f);

	/* Secrets are hidden before anything is cut to length. */
	secret_hide(&f->credential->secrets, f->said);
	secret_hide(&f->credential->secrets, f->curl_said);
	f->outcome.ended = when_now();
	f->outcome.length = f->got;
	if (f->error != 0)
		fetch_fail(f, FETCH_SPOOL, "cannot be written: %s",
		    strerror(f->error));
	else if (f->large || code == CURLE_FILESIZE_EXCEEDED)
		fetch_fail(f, FETCH_LARGE, "over body_size_limit_mb");
	else if (code == CURLE_ABORTED_BY_CALLBACK)
		fetch_fail(f, FETCH_LATE, "not elected any more");
	else if (code == CURLE_OPERATION_TIMEDOUT)
		fetch_fail(f, FETCH_TIMEOUT, "no answer in time");
	else if (status >= 300 && status < 400)
		fetch_fail(f, FETCH_REDIRECT, "%ld redirect elsewhere is not "
		    "followed", status);
	else if (status >= 200 && status != 200 && (code == CURLE_OK ||
	    f->got > ERROR_MAX))
		fetch_fail(f, FETCH_STATUS, "%ld %s", status, f->said);
	else if (code != CURLE_OK)
		fetch_unreached(f, code);
}

/* Where a redirect leads, if it is to be followed: 1. */
static int
fetch_follow(struct fetch *f)
{
	int64_t left = f->deadline - when_mono();
	char *to = NULL, *copy;

	curl_easy_getinfo(f->easy, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL || f->redirects == REDIRECTS || left < 1000000 ||
	    !endpoint_same(f->url, to) || (copy = strdup(to)) == NULL)
		return (0);
	free(f->url);
	f->url = copy;
	f->redirects++;
	f->got = f->nsaid = 0;
	memset(f->said, 0, sizeof(f->said));
	multi_remove(f->fetcher->multi, f->easy);
	curl_easy_setopt(f->easy, CURLOPT_URL, f->url);
	curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, (long)(left / 1000000));
	return (multi_add(f->fetcher->multi, f->easy) == 0);
}

static void
on_end(CURL *easy, CURLcode code, void *arg)
{
	struct fetch_outcome outcome;
	struct fetch *f;
	void (*on_done)(const struct fetch_outcome *, void *);

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &f);
	if (code == CURLE_OK && fetch_follow(f))
		return;
	fetch_judge(f, code);
	outcome = f->outcome;
	on_done = f->on_done;
	arg = f->arg;
	fetch_free(f);
	on_done(&outcome, arg);
}

static void
on_files(const char *why, void *arg)
{
	(void)arg;
	if (why == NULL)
		log_info(NULL, "access files read again",
		    "files=certificate");
	else
		log_err(NULL, "access files not taken",
		    "files=certificate in_force=old reason=%s",
		    log_quote(why));
}

unsigned int
fetcher_stale(const struct fetcher *r)
{
	return (multi_stale(r->multi));
}

struct fetcher *
fetcher_new(struct event_base *base, const struct spool *spool, long kept)
{
	struct fetcher *r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->spool = spool;
	if ((r->multi = multi_new(base, kept, on_end, NULL)) == NULL) {
		free(r);
		return (NULL);
	}
	multi_on_files(r->multi, on_files, NULL);
	return (r);
}

void
fetcher_free(struct fetcher *r)
{
	if (r == NULL)
		return;
	multi_free(r->multi);
	free(r);
}

static CURL *
easy_new(struct fetcher *r, const struct order *o)
{
	const struct conf_target *t = o->t;
	struct multi_peer peer = {
		.timeout = o->timeout,
		.proxy = t->http_proxy,
	};

	if (t->tls_open) {
		peer.ca_file = t->tls_ca;
		peer.cert_file = t->tls_cert;
		peer.key_file = t->tls_key;
		peer.insecure = t->insecure_skip_verify;
	}
	return (multi_easy(r->multi, &peer));
}

static void
fetch_request(struct fetch *f)
{
	CURL *e = f->easy;

	curl_easy_setopt(e, CURLOPT_URL, f->url);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, f->credential->headers);
	curl_easy_setopt(e, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "prof/" VERSION);
	if (f->socket != NULL)
		curl_easy_setopt(e, CURLOPT_UNIX_SOCKET_PATH, f->socket);
	if (f->credential->basic != NULL)
		curl_easy_setopt(e, CURLOPT_USERPWD, f->credential->basic);
	/* Profiles are compressed themselves: they stay as they come. */
	curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)f->limit);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_send);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, f);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, f->curl_said);
	curl_easy_setopt(e, CURLOPT_PRIVATE, f);
}

/* The url of the profile, and the socket it is asked by. */
static int
fetch_address(struct fetch *f, const char *path, unsigned int seconds)
{
	struct buf url = { 0 };
	const char *socket;
	size_t len;

	if (endpoint_url(&url, f->order->url, path, seconds) == -1 ||
	    buf_str(&url) == NULL) {
		buf_free(&url);
		return (-1);
	}
	f->url = url.p;
	socket = endpoint_socket(f->order->url, &len);
	if (socket != NULL && (f->socket = strndup(socket, len)) == NULL)
		return (-1);
	return (0);
}

struct fetch *
fetch_new(struct fetcher *r, const struct order *order,
    struct credential *credential, const char *path, unsigned int seconds,
    uint64_t limit, int fd, int (*may)(void *),
    void (*on_done)(const struct fetch_outcome *, void *), void *arg)
{
	struct fetch *f;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		return (NULL);
	f->fetcher = r;
	f->order = order;
	f->credential = credential;
	f->limit = limit;
	f->fd = fd;
	f->may = may;
	f->on_done = on_done;
	f->arg = arg;
	f->outcome.began = when_now();
	f->deadline = when_mono() + order->timeout;
	if (fetch_address(f, path, seconds) == -1 ||
	    (f->easy = easy_new(r, order)) == NULL)
		goto fail;
	fetch_request(f);
	if (multi_add(r->multi, f->easy) == 0)
		return (f);
fail:
	fetch_free(f);
	errno = ENOMEM;
	return (NULL);
}

void
fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	if (f->easy != NULL) {
		multi_remove(f->fetcher->multi, f->easy);
		curl_easy_cleanup(f->easy);
	}
	free(f->url);
	free(f->socket);
	free(f);
}
