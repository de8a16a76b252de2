/* parts: t/served.o */
/* What a server that is stopped owes to those who are connected. */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "httpd.h"
#include "served.h"

#define LONG	5000		/* milliseconds for what must come */
#define SHORT	50		/* and for what must not */

static const char get[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
static struct served s;

/* Nobody is lost who is connected and has not been answered yet. */
static void
fresh_ones(void)
{
	struct talk fresh = { 0 }, queued = { 0 }, silent = { 0 };
	int f, q, quiet;

	served_start(&s, &served_limits);
	f = served_connect(&s, 0);
	quiet = served_connect(&s, 1);
	served_run(&s, SHORT);
	q = served_connect(&s, 0);
	httpd_stop(s.httpd);
	ok(httpd_open(s.httpd) == 3, "a stop accepts who waits");
	served_talk(&s, f, &fresh, get, strlen(get), 1, LONG);
	served_talk(&s, f, &fresh, NULL, 0, 2, LONG);
	served_talk(&s, q, &queued, get, strlen(get), 1, LONG);
	ok(fresh.answers == 1 && fresh.eof &&
	    strstr(fresh.text, "Connection: close\r\n") != NULL,
	    "who has just connected is answered, and closed");
	ok(queued.answers == 1 && queued.status[0] == 200,
	    "so is who was waiting");
	served_talk(&s, quiet, &silent, NULL, 0, 1, LONG);
	ok(silent.eof && silent.answers == 0, "who says nothing is not waited "
	    "for");
	close(f);
	close(q);
	close(quiet);
	talk_clear(&fresh);
	talk_clear(&queued);
	talk_clear(&silent);
	served_stop(&s);
}

/* Bytes in the socket of an idle connection are a request. */
static void
late_ones(void)
{
	struct talk late = { 0 };
	int fd;

	served_start(&s, &served_limits);
	fd = served_connect(&s, 1);
	served_talk(&s, fd, &late, get, strlen(get), 1, LONG);
	if (write(fd, get, strlen(get)) == -1)
		perror("write");
	httpd_stop(s.httpd);
	served_talk(&s, fd, &late, NULL, 0, 2, LONG);
	ok(late.answers == 2, "a request that came before a stop is answered");
	close(fd);
	talk_clear(&late);
	served_stop(&s);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	fresh_ones();
	late_ones();
	return (served_failed);
}
