#include "multi.h"

#include <errno.h>
#include <stdlib.h>

#include <event2/event.h>

#include "multi_files.h"

#define CONNECT_MS	10000L

struct multi {
	struct event_base *base;
	CURLM		*curl;
	struct event	*timer;
	void		(*on_end)(CURL *, CURLcode, void *);
	void		*arg;
	struct multi_files **files;	/* of all peers so far */
	unsigned int	 nfiles;
	void		(*on_files)(const char *, void *);
	void		*files_arg;
};

/* Tell the owner of what has ended. */
static void
multi_reap(struct multi *m)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(m->curl, &left)) != NULL)
		if (msg->msg == CURLMSG_DONE)
			m->on_end(msg->easy_handle, msg->data.result, m->arg);
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct multi *m = arg;
	int running, flags = 0;

	if (what & EV_READ)
		flags |= CURL_CSELECT_IN;
	if (what & EV_WRITE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(m->curl, fd, flags, &running);
	multi_reap(m);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct multi *m = arg;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(m->curl, CURL_SOCKET_TIMEOUT, 0, &running);
	multi_reap(m);
}

/* libcurl wants a socket watched, or no more. */
static int
on_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *own)
{
	struct multi *m = arg;
	struct event *watch = own;
	short events = EV_PERSIST;

	(void)easy;
	if (watch != NULL)
		event_free(watch);
	watch = NULL;
	if (what != CURL_POLL_REMOVE) {
		if (what & CURL_POLL_IN)
			events |= EV_READ;
		if (what & CURL_POLL_OUT)
			events |= EV_WRITE;
		watch = event_new(m->base, fd, events, on_socket, m);
		if (watch == NULL || event_add(watch, NULL) == -1)
			return (-1);
	}
	curl_multi_assign(m->curl, fd, watch);
	return (0);
}

static int
on_timeout(CURLM *curl, long ms, void *arg)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };
	struct multi *m = arg;

	(void)curl;
	return (ms < 0 ? evtimer_del(m->timer) : evtimer_add(m->timer, &tv));
}

struct multi *
multi_new(struct event_base *base, long kept,
    void (*on_end)(CURL *, CURLcode, void *), void *arg)
{
	struct multi *m;
	CURLM *curl;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return (NULL);
	m->base = base;
	m->on_end = on_end;
	m->arg = arg;
	m->timer = evtimer_new(base, on_timer, m);
	m->curl = curl = curl_multi_init();
	if (m->timer == NULL || curl == NULL) {
		multi_free(m);
		errno = ENOMEM;
		return (NULL);
	}
	curl_multi_setopt(curl, CURLMOPT_SOCKETFUNCTION, on_watch);
	curl_multi_setopt(curl, CURLMOPT_SOCKETDATA, m);
	curl_multi_setopt(curl, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(curl, CURLMOPT_TIMERDATA, m);
	curl_multi_setopt(curl, CURLMOPT_MAXCONNECTS, kept);
	return (m);
}

void
multi_free(struct multi *m)
{
	if (m == NULL)
		return;
	if (m->curl != NULL)
		curl_multi_cleanup(m->curl);
	if (m->timer != NULL)
		event_free(m->timer);
	while (m->nfiles > 0)
		multi_files_free(m->files[--m->nfiles]);
	free(m->files);
	free(m);
}

void
multi_on_files(struct multi *m, void (*on_files)(const char *, void *),
    void *arg)
{
	m->on_files = on_files;
	m->files_arg = arg;
}

unsigned int
multi_stale(const struct multi *m)
{
	unsigned int i, n = 0;

	for (i = 0; i < m->nfiles; i++)
		n += multi_files_stale(m->files[i]) != 0;
	return (n);
}

/* Those of the peer, as many as the configuration has; NULL: ENOMEM. */
static struct multi_files *
files_find(struct multi *m, const struct multi_peer *peer)
{
	struct multi_files **v;
	unsigned int i;

	for (i = 0; i < m->nfiles; i++)
		if (multi_files_are(m->files[i], peer->ca_file,
		    peer->cert_file, peer->key_file))
			return (m->files[i]);
	if ((v = realloc(m->files, (i + 1) * sizeof(*v))) == NULL)
		return (NULL);
	m->files = v;
	if ((v[i] = multi_files_new(peer->ca_file, peer->cert_file,
	    peer->key_file)) != NULL)
		m->nfiles++;
	return (v[i]);
}

static int
files_set(struct multi *m, const struct multi_peer *peer, CURL *e)
{
	char why[MULTI_FILES_WHY];
	struct multi_files *f;
	int result;

	if (peer->ca_file == NULL && peer->cert_file == NULL &&
	    peer->key_file == NULL)
		return (0);
	if ((f = files_find(m, peer)) == NULL)
		return (-1);
	result = multi_files_renew(f, why);
	if (result != 0 && m->on_files != NULL)
		m->on_files(result == 1 ? NULL : why, m->files_arg);
	return (multi_files_use(f, e));
}

CURL *
multi_easy(struct multi *m, const struct multi_peer *peer)
{
	long ms = (long)(peer->timeout / 1000000);
	CURL *e = curl_easy_init();

	if (e == NULL) {
		errno = ENOMEM;
		return (NULL);
	}
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	/* A thread that still resolves a name is left alone, not waited for. */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, ms);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    ms < CONNECT_MS ? ms : CONNECT_MS);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_2TLS);
	/* The environment says nothing: "" is no proxy. */
	curl_easy_setopt(e, CURLOPT_PROXY,
	    peer->proxy != NULL ? peer->proxy : "");
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, peer->insecure ? 0L : 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, peer->insecure ? 0L : 2L);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (files_set(m, peer, e) == 0)
		return (e);
	curl_easy_cleanup(e);
	errno = ENOMEM;
	return (NULL);
}

int
multi_add(struct multi *m, CURL *easy)
{
	if (curl_multi_add_handle(m->curl, easy) == CURLM_OK)
		return (0);
	errno = ENOMEM;
	return (-1);
}

void
multi_remove(struct multi *m, CURL *easy)
{
	curl_multi_remove_handle(m->curl, easy);
}
