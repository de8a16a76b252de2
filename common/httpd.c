#include "httpd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/bufferevent.h>

#include "access.h"
#include "httpd_conn.h"
#include "when.h"

/*
 * A connection over a limit is answered 503 and closed as any other. Beyond so
 * many of these at once it is closed without a word, so that memory stays
 * bounded. Not to accept them would let whoever holds all connections lock the
 * others out for nothing; so they learn soon that they must try again.
 */
#define SURPLUS	64

struct httpd *
httpd_new(struct event_base *base, const struct httpd_limits *limits,
    const struct httpd_calls *calls, void *arg)
{
	struct httpd *h;
	size_t i;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return (NULL);
	h->base = base;
	h->calls = calls;
	h->arg = arg;
	LIST_INIT(&h->conns);
	for (i = 0; i < HTTPD_PEERS; i++)
		LIST_INIT(&h->peers[i]);
	if ((h->limits = malloc(sizeof(*h->limits))) == NULL ||
	    (h->stats = calloc(1, sizeof(*h->stats))) == NULL ||
	    (h->doors = httpd_doors_new(h)) == NULL) {
		httpd_free(h);
		return (NULL);
	}
	*h->limits = *limits;
	return (h);
}

void
httpd_set_limits(struct httpd *h, const struct httpd_limits *limits)
{
	*h->limits = *limits;
}

void
httpd_tell_h2(struct httpd *h, const char *text)
{
	h->h2_text = text;
}

/* A /64, which IPv4's 32 bits never equal; of a link's addresses the rest. */
static uint64_t
peer_v6(const struct in6_addr *a)
{
	size_t first = IN6_IS_ADDR_LINKLOCAL(a) ? 8 : 0;
	uint64_t n = 0;
	size_t i;

	if (IN6_IS_ADDR_LOOPBACK(a))
		return (0);
	for (i = first; i < first + 8; i++)
		n = n << 8 | a->s6_addr[i];
	return (n);
}

/*
 * "ADDRESS:PORT" or "unix". Returns what stands for the address where those of
 * one address are counted: IPv4's, or the /64 of IPv6's, a host's usual share;
 * 0: not counted (loopback and unix).
 */
static uint64_t
peer_of(const struct sockaddr *sa, char remote[HTTPD_REMOTE])
{
	const struct sockaddr_in *in = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;
	char host[INET6_ADDRSTRLEN] = "";
	uint32_t address;

	switch (sa->sa_family) {
	case AF_INET:
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		snprintf(remote, HTTPD_REMOTE, "%s:%u", host,
		    ntohs(in->sin_port));
		address = ntohl(in->sin_addr.s_addr);
		return (address >> 24 == IN_LOOPBACKNET ? 0 : address);
	case AF_INET6:
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
		snprintf(remote, HTTPD_REMOTE, "[%s]:%u", host,
		    ntohs(in6->sin6_port));
		return (peer_v6(&in6->sin6_addr));
	default:
		snprintf(remote, HTTPD_REMOTE, "unix");
		return (0);
	}
}

/* Why there is no place for one more, or NULL. */
static const char *
crowded(const struct httpd *h, uint64_t peer)
{
	const struct httpd_limits *limits = h->limits;
	const struct httpd_conn *c;
	unsigned int n = 0;

	if (limits->connections != 0 &&
	    h->stats->open - h->surplus >= limits->connections)
		return ("too many connections");
	if (limits->per_address == 0 || peer == 0)
		return (NULL);
	c = LIST_FIRST(&h->peers[peer % HTTPD_PEERS]);
	for (; c != NULL; c = LIST_NEXT(c, peers))
		n += c->peer == peer && !c->surplus;
	return (n >= limits->per_address ?
	    "too many connections from this address" : NULL);
}

/* Is it a user who may come in by this socket? */
static int
stranger(const struct httpd_entrance *in, int fd)
{
	struct ucred peer = { 0 };
	socklen_t len = sizeof(peer);

	if (in->by != ACCESS_UNIX || in->access == NULL)
		return (0);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == -1)
		return (1);
	return (!access_uid(in->access, peer.uid));
}

/* Tell it, in plain or behind a handshake, why it is not served. */
static void
turn_away(struct httpd_conn *c, int status, const char *why)
{
	c->surplus = 1;
	c->httpd->surplus++;
	c->status = status;
	c->why = why;
	if (c->state == HTTPD_STATE_SHAKE)
		return;
	httpd_conn_refuse(c, status, why);
	httpd_conn_run(c);
}

void
httpd_admit(struct httpd *h, const struct httpd_entrance *in, int fd,
    const struct sockaddr *sa)
{
	char remote[HTTPD_REMOTE];
	uint64_t peer = peer_of(sa, remote);
	const char *why = crowded(h, peer);
	struct httpd_conn *c;
	int on = 1, status = 503;

	h->stats->connections++;
	if (stranger(in, fd)) {
		why = "this user is not among allowed_uids";
		status = 403;
	}
	if (why != NULL && h->surplus >= SURPLUS) {
		h->stats->refused++;
		h->calls->on_refused(remote, status, why, h->arg);
		close(fd);
		return;
	}
	/* An answer is one write; there is nothing to wait and join it with. */
	if (sa->sa_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if ((c = httpd_conn_new(h, in, fd, remote, peer)) == NULL) {
		h->stats->refused++;
		h->calls->on_refused(remote, 503, "out of memory", h->arg);
		return;
	}
	if (why != NULL)
		turn_away(c, status, why);
}

/* Between two requests, with no byte of the next one in the socket. */
static int
rests(const struct httpd_conn *c)
{
	int waiting = 0;

	return (c->state == HTTPD_STATE_IDLE && c->used &&
	    ioctl(bufferevent_getfd(c->bev), FIONREAD, &waiting) == 0 &&
	    waiting == 0);
}

void
httpd_stop(struct httpd *h)
{
	struct httpd_conn *c, *next;

	h->stopping = when_mono();
	httpd_doors_empty(h->doors);
	httpd_doors_free(h->doors);
	h->doors = NULL;
	for (c = LIST_FIRST(&h->conns); c != NULL; c = next) {
		next = LIST_NEXT(c, entry);
		if (rests(c) || c->state == HTTPD_STATE_SHAKE)
			httpd_conn_free(c);
		else
			httpd_conn_arm(c);
	}
}

unsigned int
httpd_open(const struct httpd *h)
{
	return (h->stats->open);
}

void
httpd_stats(const struct httpd *h, struct httpd_stats *stats)
{
	*stats = *h->stats;
}

void
httpd_free(struct httpd *h)
{
	struct httpd_conn *c;

	if (h == NULL)
		return;
	httpd_doors_free(h->doors);
	while ((c = LIST_FIRST(&h->conns)) != NULL)
		httpd_conn_free(c);
	free(h->limits);
	free(h->stats);
	free(h);
}
