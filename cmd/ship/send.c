#include "send.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "answer.h"
#include "conf.h"
#include "log.h"
#include "multi.h"
#include "secret.h"

#define SAID_MAX	512		/* of an answer's body that is kept */
#define BODY_MAX	65536		/* of it that is read */
#define UPLOAD_BUFFER	65536L

struct sender {
	const struct conf_destination *d;
	const struct secret *secrets;
	struct multi	*multi;
	uint64_t	*bytes;
};

struct transfer {
	struct sender	*sender;
	struct request	 request;
	CURL		*easy;
	uint64_t	 off;		/* of the body, next to send */
	int		 read_errno;
	size_t		 got;		/* of the answer's body */
	size_t		 nsaid;
	char		 said[SAID_MAX + 1];
	char		 error[CURL_ERROR_SIZE];
	void		(*on_done)(const struct answer *, void *);
	void		*arg;
};

static size_t
on_read(char *to, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	uint64_t left = t->request.length - t->off;

	n *= size;
	if (n > left)
		n = (size_t)left;
	if (n != 0 &&
	    t->request.read(t->request.arg, t->off, to, n) == -1) {
		t->read_errno = errno;
		return (CURL_READFUNC_ABORT);
	}
	t->off += n;
	*t->sender->bytes += n;
	return (n);
}

static int
on_seek(void *arg, curl_off_t off, int from)
{
	struct transfer *t = arg;

	if (from != SEEK_SET || off < 0 ||
	    (uint64_t)off > t->request.length)
		return (CURL_SEEKFUNC_FAIL);
	t->off = (uint64_t)off;
	return (CURL_SEEKFUNC_OK);
}

/* The answer's body. Past BODY_MAX the transfer ends: its status is known. */
static size_t
on_write(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t keep = SAID_MAX - t->nsaid;

	n *= size;
	if (keep > n)
		keep = n;
	memcpy(t->said + t->nsaid, p, keep);
	t->nsaid += keep;
	t->got += n;
	return (t->got > BODY_MAX ? 0 : n);
}

/*
 * What a transfer that ended with code was answered. A status counts where
 * libcurl saw the answer's end, where we wanted no more of it, and where only
 * the rest of its body is missing behind a request that was sent whole.
 * Secrets are hidden before anything is cut to length.
 */
static void
transfer_answer(struct transfer *t, CURLcode code, struct answer *a)
{
	const char *error = t->error;
	curl_off_t after = 0;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &after);
	secret_hide(t->sender->secrets, t->said);
	secret_hide(t->sender->secrets, t->error);
	if (t->read_errno != 0)
		answer_ours(a, ANSWER_RETRY, "cannot read the record: %s",
		    strerror(t->read_errno));
	else if (status >= 200 && (code == CURLE_OK || t->got > BODY_MAX ||
	    (t->got > 0 && t->off == t->request.length)))
		answer_http(a, (int)status, after, t->said, t->nsaid);
	else
		answer_say(a, ANSWER_RETRY, "%s",
		    error[0] != '\0' ? error : curl_easy_strerror(code));
}

/* Tell the owner of what has ended. */
static void
on_end(CURL *easy, CURLcode code, void *arg)
{
	void (*on_done)(const struct answer *, void *);
	struct answer answer;
	struct transfer *t;

	(void)arg;
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
	transfer_answer(t, code, &answer);
	on_done = t->on_done;
	arg = t->arg;
	/* The owner may begin another on the same connection. */
	transfer_free(t);
	on_done(&answer, arg);
}

static void
on_files(const char *why, void *arg)
{
	const struct sender *s = arg;

	if (why == NULL)
		log_info(NULL, "access files read again",
		    "to=%s files=certificate", s->d->name);
	else
		log_err(NULL, "access files not taken",
		    "to=%s files=certificate in_force=old reason=%s",
		    s->d->name, log_quote(why));
}

struct sender *
sender_new(struct event_base *base, const struct conf_destination *d,
    const struct secret *secrets, uint64_t *bytes)
{
	struct sender *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->d = d;
	s->secrets = secrets;
	s->bytes = bytes;
	s->multi = multi_new(base, (long)d->workers, on_end, NULL);
	if (s->multi == NULL) {
		free(s);
		return (NULL);
	}
	multi_on_files(s->multi, on_files, s);
	return (s);
}

unsigned int
sender_stale(const struct sender *s)
{
	return (multi_stale(s->multi));
}

void
sender_free(struct sender *s)
{
	if (s == NULL)
		return;
	multi_free(s->multi);
	free(s);
}

static void
easy_request(CURL *e, struct transfer *t)
{
	curl_easy_setopt(e, CURLOPT_URL, t->request.url);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->request.headers);
	curl_easy_setopt(e, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	curl_easy_setopt(e, CURLOPT_POST, 1L);
	curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)t->request.length);
	curl_easy_setopt(e, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BUFFER);
	curl_easy_setopt(e, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(e, CURLOPT_READDATA, t);
	curl_easy_setopt(e, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(e, CURLOPT_SEEKDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	/* Undone if it comes compressed because the client asked for it. */
	curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 1L);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
}

/* Whom to talk to and how, whatever the request. */
static CURL *
easy_new(struct sender *s)
{
	const struct conf_destination *d = s->d;
	struct multi_peer peer = {
		.timeout = d->timeout,
		.proxy = d->http_proxy,
		.ca_file = d->ca_file,
		.cert_file = d->cert_file,
		.key_file = d->key_file,
	};

	return (multi_easy(s->multi, &peer));
}

struct transfer *
transfer_new(struct sender *s, const struct request *request,
    void (*on_done)(const struct answer *, void *), void *arg)
{
	struct transfer *t;

	if ((t = calloc(1, sizeof(*t))) == NULL ||
	    request->url == NULL || request->headers == NULL) {
		curl_slist_free_all(request->headers);
		free(request->url);
		free(t);
		errno = ENOMEM;
		return (NULL);
	}
	t->sender = s;
	t->request = *request;
	t->on_done = on_done;
	t->arg = arg;
	if ((t->easy = easy_new(s)) == NULL)
		goto fail;
	easy_request(t->easy, t);
	if (multi_add(s->multi, t->easy) == -1)
		goto fail;
	return (t);
fail:
	transfer_free(t);
	errno = ENOMEM;
	return (NULL);
}

void
transfer_free(struct transfer *t)
{
	if (t == NULL)
		return;
	if (t->easy != NULL) {
		multi_remove(t->sender->multi, t->easy);
		curl_easy_cleanup(t->easy);
	}
	curl_slist_free_all(t->request.headers);
	free(t->request.url);
	free(t);
}
