/* parts: t/served.o */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "httpd.h"
#include "served.h"

#define HOST	"Host: a\r\n"
#define LONG	5000		/* milliseconds for what must come */
#define SHORT	50		/* and for what must not */

static struct served s;
static struct talk t;

/* One connection, one sending, n answers wanted. */
static void
once(const char *text, size_t n)
{
	int fd = served_connect(&s, 0);

	talk_clear(&t);
	served_talk(&s, fd, &t, text, strlen(text), n, LONG);
	served_talk(&s, fd, &t, NULL, 0, n + 1, SHORT);
	close(fd);
}

static int
got(const char *text)
{
	return (t.text != NULL && strstr(t.text, text) != NULL);
}

static void
answers(void)
{
	once("GET /a?b HTTP/1.1\r\n" HOST "\r\n", 1);
	ok(t.answers == 1 && t.status[0] == 200 && !t.eof,
	    "a request has one answer, and the connection is kept");
	ok(got("\r\nDate: ") && got("\r\nContent-Length: 3\r\n") &&
	    got("\r\n\r\n0 0") && got("HTTP/1.1 200 OK\r\n") &&
	    got("\r\nContent-Type: text/plain\r\n") && !got("Connection:"),
	    "an answer has date, type and length");
	once("POST /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 1);
	ok(got("\r\n\r\n3 590"), "a body of known length arrives");
	once("POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "1\r\na\r\n2\r\nbc\r\n0\r\nX: y\r\n\r\n", 1);
	ok(got("\r\n\r\n3 590") && !t.eof, "a chunked body arrives");
	once("POST /a HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 1);
	ok(got("3 590") && got("Connection: close\r\n") && t.eof && !t.reset,
	    "HTTP/1.0 is closed after its answer");
	once("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 1);
	ok(t.answers == 1 && got("Connection: keep-alive\r\n") && !t.eof,
	    "HTTP/1.0 is kept where it asks so");
	once("GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 1);
	ok(t.answers == 1 && got("Connection: close\r\n") && t.eof,
	    "Connection: close is obeyed");
	once("HEAD / HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.0\r\n\r\n", 2);
	ok(got("Content-Length: 3\r\n\r\nHTTP/1.1 200") && t.eof,
	    "HEAD is answered without a body");
	once("GET /early HTTP/1.1\r\n" HOST "\r\n", 1);
	ok(got("{\"error\":{\"status\":404,\"message\":"
	    "\"no \\\"such\\\" path?\"}}\n"), "an error's body is JSON");
}

static void
pipelines(void)
{
	once("POST /1 HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\na"
	    "GET /early HTTP/1.1\r\n" HOST "\r\n"
	    "POST /2 HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
	    "1\r\nb\r\n0\r\n\r\n"
	    "\r\nGET /3 HTTP/1.1\r\n" HOST "\r\n", 4);
	ok(t.answers == 4 && t.status[0] == 200 && t.status[1] == 404 &&
	    t.status[2] == 200 && t.status[3] == 200 && !t.eof,
	    "pipelined requests are answered in order");
	once("POST /1 HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\na"
	    "GET /2 HTTP/1.1\r\n" HOST "\r\n", 2);
	ok(t.answers == 1 && t.status[0] == 400 && t.eof && !t.reset &&
	    got("Connection: close\r\n"),
	    "nothing is read behind a framing error");
	once("GET /1 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"
	    "GET /2 HTTP/1.1\r\n" HOST "\r\n", 2);
	ok(t.answers == 1 && t.eof && !t.reset,
	    "nothing is read behind Connection: close");
}

/* A POST to path of len bytes in body, chunked or not; the answer in t. */
static void
post(int fd, const char *path, const char *extra, const char *body,
    size_t len, int chunked)
{
	struct buf b = { 0 };
	size_t n, at;

	buf_addf(&b, "POST %s HTTP/1.1\r\n" HOST "%s", path, extra);
	if (!chunked) {
		buf_addf(&b, "Content-Length: %zu\r\n\r\n", len);
		buf_add(&b, body, len);
	} else {
		buf_adds(&b, "Transfer-Encoding: chunked\r\n\r\n");
		for (at = 0; at < len; at += n) {
			n = len - at < 3000 ? len - at : 3000;
			buf_addf(&b, "%zx\r\n", n);
			buf_add(&b, body + at, n);
			buf_adds(&b, "\r\n");
		}
		buf_adds(&b, "0\r\n\r\n");
	}
	served_talk(&s, fd, &t, b.p, b.len, t.answers + 1, LONG);
	buf_free(&b);
}

static void
bodies(void)
{
	size_t len = 3 << 20, i;
	char *body = malloc(len), want[64];
	int fd, way;

	for (i = 0; i < len; i++)
		body[i] = (char)(i * 7 + i / 1000);
	snprintf(want, sizeof(want), "\r\n\r\n%zu %u", len,
	    served_sum(0, 0, body, len));
	for (way = 0; way < 8; way++) {
		fd = served_connect(&s, way & 1);
		talk_clear(&t);
		post(fd, way & 4 ? "/pause" : "/", "", body,
		    way & 4 ? len / 32 : len, way & 2);
		if (way & 4)
			snprintf(want, sizeof(want), "\r\n\r\n%zu %u", len / 32,
			    served_sum(0, 0, body, len / 32));
		ok(got(want) && !t.eof, "every byte arrives%s%s%s",
		    way & 1 ? " by unix socket" : "", way & 2 ? " in chunks" :
		    "", way & 4 ? " with pauses" : "");
		close(fd);
	}
	free(body);
}

/* Answers given before the body was read. */
static void
early(void)
{
	size_t len = 1 << 20;
	char *body = calloc(1, len);
	int fd, chunked;

	for (chunked = 0; chunked < 2; chunked++) {
		fd = served_connect(&s, 0);
		talk_clear(&t);
		post(fd, "/early", "", body, 200 << 10, chunked);
		post(fd, "/middle", "", body, 200 << 10, chunked);
		post(fd, "/", "", body, 10, chunked);
		ok(t.answers == 3 && t.status[0] == 404 && t.status[1] == 503 &&
		    t.status[2] == 200 && !t.eof,
		    "a small body is read away behind an early answer");
		close(fd);
		fd = served_connect(&s, 0);
		talk_clear(&t);
		post(fd, "/early", "", body, len, chunked);
		served_talk(&s, fd, &t, NULL, 0, 2, LONG);
		ok(t.answers == 1 && t.status[0] == 404 && t.eof && !t.reset,
		    "behind a large one the connection is closed");
		close(fd);
	}
	fd = served_connect(&s, 0);
	talk_clear(&t);
	post(fd, "/early", "", body, 256 << 10, 0);
	post(fd, "/early", "", body, (256 << 10) + 1, 0);
	served_talk(&s, fd, &t, NULL, 0, 3, LONG);
	ok(t.answers == 2 && t.eof, "256 KiB is small, one byte more is not");
	close(fd);
	free(body);
}

static void
expects(void)
{
	static const char late[] = "POST / HTTP/1.1\r\n" HOST
	    "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n";
	static const char no[] = "POST /early HTTP/1.1\r\n" HOST
	    "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n";
	int fd = served_connect(&s, 0);

	talk_clear(&t);
	served_talk(&s, fd, &t, late, strlen(late), 1, SHORT);
	ok(t.answers == 0 && t.continues == 1, "100 Continue is sent");
	served_talk(&s, fd, &t, "abc", 3, 1, LONG);
	ok(t.answers == 1 && t.continues == 1 && got("3 590"),
	    "and then the body is awaited");
	served_talk(&s, fd, &t, no, strlen(no), 2, LONG);
	served_talk(&s, fd, &t, NULL, 0, 3, LONG);
	ok(t.answers == 2 && t.continues == 1 && t.status[1] == 404 && t.eof,
	    "an early answer has no 100, and closes");
	close(fd);
	once("POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\n", 1);
	ok(t.answers == 1 && t.continues == 0 && !t.eof,
	    "without a body there is no 100");
	once("POST / HTTP/1.1\r\n" HOST "Expect: x\r\n"
	    "Content-Length: 3\r\n\r\nabc", 1);
	ok(t.answers == 1 && t.status[0] == 417 && t.eof,
	    "another Expect is 417");
}

/* Clients that leave, wholly or by half. */
static void
leaving(void)
{
	static const char whole[] = "POST /owed HTTP/1.1\r\n" HOST
	    "Content-Length: 3\r\n\r\nabc";
	struct linger at_once = { 1, 0 };
	unsigned int gone = s.gone, heads = s.heads, refusals = s.refusals;
	int fd = served_connect(&s, 0);

	talk_clear(&t);
	served_talk(&s, fd, &t, whole, strlen(whole), 1, SHORT);
	shutdown(fd, SHUT_WR);
	served_talk(&s, fd, &t, NULL, 0, 1, SHORT);
	ok(s.owed != NULL && !t.eof, "half a close waits for the answer");
	if (s.owed != NULL)
		httpd_reply(s.owed, 200, NULL, NULL, "x", 1, 0);
	served_talk(&s, fd, &t, NULL, 0, 2, LONG);
	ok(t.answers == 1 && t.status[0] == 200 && t.eof && s.gone == gone + 1,
	    "and gets it");
	close(fd);

	fd = served_connect(&s, 0);
	talk_clear(&t);
	served_talk(&s, fd, &t, whole, strlen(whole), 1, SHORT);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
	served_until(&s, &s.gone, gone + 2);
	ok(s.gone == gone + 2 && s.owed == NULL,
	    "a reset while the answer is owed ends the request");

	fd = served_connect(&s, 0);
	talk_clear(&t);
	served_talk(&s, fd, &t, whole, strlen(whole) - 1, 1, SHORT);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
	served_until(&s, &s.gone, gone + 3);
	ok(s.gone == gone + 3 && s.refusals == refusals,
	    "a reset in the body ends the request");

	fd = served_connect(&s, 0);
	talk_clear(&t);
	served_talk(&s, fd, &t, whole, strlen(whole) - 1, 1, SHORT);
	shutdown(fd, SHUT_WR);
	served_talk(&s, fd, &t, NULL, 0, 2, LONG);
	ok(t.answers == 1 && t.status[0] == 400 && t.eof &&
	    s.gone == gone + 4 && s.refusals == refusals + 1,
	    "an end in the body is 400");
	close(fd);
	ok(s.heads == heads + 4, "on_gone is called once for every on_head");
}

static void
stopping(void)
{
	static const char whole[] = "POST /owed HTTP/1.1\r\n" HOST
	    "Content-Length: 3\r\n\r\nabc";
	static const char get[] = "GET / HTTP/1.1\r\n" HOST "\r\n";
	struct talk idle = { 0 }, slow = { 0 };
	int owed, reading, kept;
	struct stat st;

	served_start(&s, &served_limits);
	talk_clear(&t);
	kept = served_connect(&s, 0);
	served_talk(&s, kept, &idle, get, strlen(get), 1, LONG);
	owed = served_connect(&s, 0);
	served_talk(&s, owed, &t, whole, strlen(whole), 1, SHORT);
	reading = served_connect(&s, 1);
	served_talk(&s, reading, &slow, "GET /1 HT", 9, 1, SHORT);
	httpd_stop(s.httpd);
	ok(stat(s.local + 5, &st) == -1, "a stopped server has no socket");
	served_talk(&s, kept, &idle, NULL, 0, 2, LONG);
	ok(idle.eof && idle.answers == 1 && httpd_open(s.httpd) == 2,
	    "a stop closes idle connections at once");
	served_talk(&s, reading, &slow, "TP/1.1\r\n" HOST "\r\n", 19, 1, LONG);
	served_talk(&s, reading, &slow, NULL, 0, 2, LONG);
	ok(slow.answers == 1 && slow.eof &&
	    strstr(slow.text, "Connection: close\r\n") != NULL,
	    "what is being read is answered, and closed");
	close(reading);
	httpd_reply(s.owed, 200, NULL, NULL, NULL, 0, 0);
	served_talk(&s, owed, &t, NULL, 0, 2, LONG);
	ok(t.answers == 1 && t.eof && got("Connection: close\r\n"),
	    "so is what is owed");
	close(owed);
	close(kept);
	served_run(&s, SHORT);
	ok(httpd_open(s.httpd) == 0, "then no connection is left");
	talk_clear(&idle);
	talk_clear(&slow);
	served_stop(&s);
}

static void
freeing(void)
{
	static const char whole[] = "POST /owed HTTP/1.1\r\n" HOST
	    "Content-Length: 3\r\n\r\nabc";
	int fd;

	served_start(&s, &served_limits);
	talk_clear(&t);
	fd = served_connect(&s, 0);
	served_talk(&s, fd, &t, whole, strlen(whole), 1, SHORT);
	served_stop(&s);
	ok(s.gone == 1, "a server freed ends what was under way");
	close(fd);
}

static void
counting(void)
{
	struct httpd_stats stats;

	served_start(&s, &served_limits);
	once("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 1);
	once("nonsense\r\n\r\n", 1);
	served_run(&s, SHORT);
	httpd_stats(s.httpd, &stats);
	ok(stats.connections == 2 && stats.requests == 1 &&
	    stats.refused == 1 && stats.bytes == 3 && stats.open == 0,
	    "connections, requests, refusals and bytes are counted");
	served_stop(&s);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	served_start(&s, &served_limits);
	answers();
	pipelines();
	bodies();
	early();
	expects();
	leaving();
	ok(s.heads == s.gone, "every request came to its end once");
	served_stop(&s);
	stopping();
	freeing();
	counting();
	talk_clear(&t);
	return (served_failed);
}
