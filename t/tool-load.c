/*
 * load - upload profiles to prof-recv, many at once, and keep the receipts
 *
 * usage:  load [-1hw] [-b number] [-c connections] [-f file] [-o file]
 *             [-r rate] [-s bytes] [-t seconds] [-u uploads] ADDRESS...
 *         ADDRESS is HOST:PORT or unix:PATH; connections take turns on them.
 *         -1  a new connection for each upload
 *         -b  number of the first upload (1); each has its own (t/upload.h)
 *         -c  connections at once (4)
 *         -f  send the bytes of this file, one request, instead of a form
 *         -r  begin at most so many uploads a second
 *         -s  bytes of a body (10240)
 *         -t  stop after so long; -u: after so many uploads
 *         -w  wait in the middle of the first bodies until every connection
 *             is there: then they are really all open at once
 * reads:  answers; an upload whose connection fails is begun again
 * writes: -o: "PROFILEID NUMBER TIME", a line for each upload answered 200,
 *         at once, with unix seconds; standard output: a summary
 * exits:  0 every upload begun was answered 200; 111 not so; 2 usage. On
 *         SIGTERM, or after -t, it begins none, nor any again.
 */
/* parts: t/client.o t/tally.o t/upload.o */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "buf.h"
#include "client.h"
#include "file.h"
#include "tally.h"
#include "upload.h"
#include "when.h"

#define PIECE		65536
#define PATIENCE	30		/* s without a byte moving */
#define PAUSE		50		/* ms before an upload is begun again */

struct load {
	struct event_base	*base;
	struct event		*term;
	char			**address;
	int			 naddress;
	struct buf		 raw;
	uint64_t		 number;	/* of the next upload */
	uint64_t		 uploads;	/* left to begin */
	int64_t			 until;		/* 0: no end */
	int64_t			 began;
	uint64_t		 rate;
	uint64_t		 size;
	int			 once;
	int			 waiting;	/* connections short of -w */
	int			 receipts;	/* descriptor, or -1 */
	int			 stopping;
	unsigned int		 busy;		/* lanes */
	struct tally		 tally;
};

/* A connection and the upload on it. */
struct lane {
	struct load		*load;
	const char		*address;
	struct bufferevent	*bev;		/* NULL: not connected */
	struct event		*timer;
	struct upload		 upload;
	struct answer		 answer;
	uint64_t		 sent;
	int64_t			 began;
	int			 under_way;	/* upload is set */
	int			 held;		/* stands in the middle */
	int			 passed;	/* has stood there */
};

static void lane_begin(struct lane *);

static int
load_over(const struct load *load)
{
	return (load->stopping ||
	    (load->until != 0 && when_mono() >= load->until));
}

static void
lane_hang_up(struct lane *l)
{
	if (l->bev != NULL)
		bufferevent_free(l->bev);
	l->bev = NULL;
	answer_clear(&l->answer);
}

static void
lane_finish(struct lane *l)
{
	lane_hang_up(l);
	upload_close(&l->upload);
	event_del(l->timer);
	if (--l->load->busy == 0)
		event_base_loopbreak(l->load->base);
}

static void
lane_pause(struct lane *l, int64_t ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	event_add(l->timer, &tv);
}

/* Begin the same upload again, on another connection. */
static void
lane_again(struct lane *l)
{
	struct load *load = l->load;

	lane_hang_up(l);
	l->held = 0;
	if (load_over(load)) {
		load->tally.lost++;
		lane_finish(l);
		return;
	}
	load->tally.retried++;
	lane_pause(l, PAUSE);
}

/* The next piece; of a file it is not copied, for load is to cost little. */
static int
lane_write(struct lane *l)
{
	const struct buf *raw = &l->load->raw;
	char p[PIECE];
	size_t n;

	if (raw->len == 0) {
		n = upload_read(&l->upload, l->sent, p, sizeof(p));
		l->sent += n;
		return (bufferevent_write(l->bev, p, n));
	}
	n = raw->len - l->sent < PIECE ? raw->len - l->sent : PIECE;
	l->sent += n;
	return (evbuffer_add_reference(bufferevent_get_output(l->bev),
	    raw->p + l->sent - n, n, NULL, NULL));
}

/* Put the next piece in the output. */
static void
lane_push(struct lane *l)
{
	struct load *load = l->load;
	uint64_t had = l->sent;

	if (load->waiting > 0 && !l->passed &&
	    l->sent >= l->upload.length / 2) {
		l->held = 1;
		l->passed = 1;
		load->waiting--;
	}
	if (load->waiting > 0 && l->held) {
		lane_pause(l, PAUSE);
		return;
	}
	l->held = 0;
	if (had == l->upload.length)
		return;
	if (lane_write(l) == -1)
		err(111, "write");
	load->tally.bytes += l->sent - had;
}

static void
on_writable(struct bufferevent *bev, void *arg)
{
	struct lane *l = arg;

	(void)bev;
	if (l->under_way && !l->held)
		lane_push(l);
}

static void
lane_receipt(struct lane *l)
{
	struct load *load = l->load;
	char id[128], line[256];
	int64_t now;
	int n;

	if (load->receipts == -1)
		return;
	if (answer_id(&l->answer, id, sizeof(id)) == -1)
		errx(111, "200 without a ProfileID: %.*s",
		    (int)l->answer.body.len, l->answer.body.p);
	now = when_now();
	n = snprintf(line, sizeof(line), "%s %llu %lld.%06lld\n", id,
	    (unsigned long long)l->upload.number,
	    (long long)(now / WHEN_SECOND),
	    (long long)(now % WHEN_SECOND / 1000));
	if (file_write(load->receipts, line, (size_t)n) == -1)
		err(111, "receipts");
}

/* The answer is complete. */
static void
lane_answered(struct lane *l)
{
	struct load *load = l->load;
	int last = l->answer.close || load->once || l->sent < l->upload.length;

	if (tally_answer(&load->tally, l->answer.status,
	    when_mono() - l->began) == -1)
		err(111, "tally");
	if (l->answer.status == 200)
		lane_receipt(l);
	upload_close(&l->upload);
	l->under_way = 0;
	answer_clear(&l->answer);
	if (last)
		lane_hang_up(l);
	lane_begin(l);
}

static void
on_readable(struct bufferevent *bev, void *arg)
{
	struct lane *l = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	size_t len = evbuffer_get_length(in);
	long n;

	n = answer_feed(&l->answer, (char *)evbuffer_pullup(in, -1), len);
	if (n == -1 || !l->under_way) {
		lane_again(l);
		return;
	}
	evbuffer_drain(in, (size_t)n);
	if (answer_done(&l->answer))
		lane_answered(l);
}

static void
on_gone(struct bufferevent *bev, short what, void *arg)
{
	struct lane *l = arg;

	(void)bev;
	if (!l->under_way)
		lane_hang_up(l);
	else if (what & BEV_EVENT_EOF && answer_eof(&l->answer) == 0)
		lane_answered(l);
	else
		lane_again(l);
}

static int
lane_connect(struct lane *l)
{
	struct timeval patience = { PATIENCE, 0 };
	int fd = client_connect(l->address);

	if (fd == -1)
		return (-1);
	evutil_make_socket_nonblocking(fd);
	l->bev = bufferevent_socket_new(l->load->base, fd,
	    BEV_OPT_CLOSE_ON_FREE);
	if (l->bev == NULL)
		err(111, "bufferevent");
	/* libevent's own limit is a quarter of it. */
	bufferevent_set_max_single_write(l->bev, PIECE);
	bufferevent_setcb(l->bev, on_readable, on_writable, on_gone, l);
	if (!l->load->waiting)
		bufferevent_set_timeouts(l->bev, &patience, &patience);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
	return (0);
}

/* Take the next number. -1: there is none, or not yet (the timer is set). */
static int
lane_take(struct lane *l)
{
	struct load *load = l->load;
	int64_t due = load->began, now = when_mono();

	if (load->uploads == 0 || load_over(load)) {
		lane_finish(l);
		return (-1);
	}
	if (load->rate != 0)
		due += (int64_t)(load->tally.begun * WHEN_SECOND / load->rate);
	if (due > now) {
		lane_pause(l, (due - now) / 1000000 + 1);
		return (-1);
	}
	if (load->raw.len != 0)
		upload_raw(&l->upload, load->number, load->raw.len);
	else if (upload_open(&l->upload, load->number, load->size,
	    !load->once) == -1)
		err(111, "upload");
	load->number++;
	load->tally.begun++;
	load->uploads--;
	l->under_way = 1;
	return (0);
}

/* Begin the next upload, or the one that must be begun again. */
static void
lane_begin(struct lane *l)
{
	if (!l->under_way && lane_take(l) == -1)
		return;
	if (l->bev == NULL && lane_connect(l) == -1) {
		lane_again(l);
		return;
	}
	l->sent = 0;
	l->began = when_mono();
	lane_push(l);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct lane *l = arg;

	(void)fd;
	(void)what;
	if (l->held)
		lane_push(l);
	else
		lane_begin(l);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	struct load *load = arg;

	(void)fd;
	(void)what;
	load->stopping = 1;
	load->waiting = 0;
}

static void
load_run(struct load *load, unsigned int n)
{
	struct lane *lane = calloc(n, sizeof(*lane));
	unsigned int i;

	if (lane == NULL)
		err(111, "lanes");
	load->busy = n;
	load->began = when_mono();
	if (load->until != 0)
		load->until += load->began;
	for (i = 0; i < n; i++) {
		lane[i].load = load;
		lane[i].address = load->address[i % (unsigned)load->naddress];
		lane[i].timer = evtimer_new(load->base, on_timer, &lane[i]);
		event_active(lane[i].timer, EV_TIMEOUT, 0);
	}
	event_base_dispatch(load->base);
	for (i = 0; i < n; i++)
		event_free(lane[i].timer);
	free(lane);
}

static void
usage(void)
{
	fprintf(stderr, "usage: load [-1hw] [-b number] [-c connections] "
	    "[-f file] [-o file]\n"
	    "            [-r rate] [-s bytes] [-t seconds] [-u uploads] "
	    "ADDRESS...\n");
	exit(2);
}

static void
slurp(const char *name, struct buf *b)
{
	if (file_slurp(AT_FDCWD, name, 64 << 20, b) == -1)
		err(111, "%s", name);
}

static void
create(const char *name, int *fd)
{
	*fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (*fd == -1)
		err(111, "%s", name);
}

int
main(int argc, char **argv)
{
	struct load load = { .number = 1, .size = 10240, .receipts = -1,
	    .uploads = UINT64_MAX };
	unsigned int lanes = 4;
	int c, wait = 0;

	while ((c = getopt(argc, argv, "1b:c:f:ho:r:s:t:u:w")) != -1)
		switch (c) {
		case '1': load.once = 1; break;
		case 'b': load.number = strtoull(optarg, NULL, 10); break;
		case 'c': lanes = (unsigned int)atoi(optarg); break;
		case 'f': slurp(optarg, &load.raw); break;
		case 'o': create(optarg, &load.receipts); break;
		case 'r': load.rate = strtoull(optarg, NULL, 10); break;
		case 's': load.size = strtoull(optarg, NULL, 10); break;
		case 't': load.until = atoll(optarg) * WHEN_SECOND; break;
		case 'u': load.uploads = strtoull(optarg, NULL, 10); break;
		case 'w': wait = 1; break;
		default: usage();
		}
	load.address = argv + optind;
	load.naddress = argc - optind;
	if (load.naddress == 0 || lanes == 0)
		usage();
	load.waiting = wait ? (int)lanes : 0;
	signal(SIGPIPE, SIG_IGN);
	if ((load.base = event_base_new()) == NULL ||
	    (load.term = evsignal_new(load.base, SIGTERM, on_term, &load)) ==
	    NULL)
		err(111, "load");
	event_add(load.term, NULL);
	load_run(&load, lanes);
	tally_print(&load.tally, when_mono() - load.began);
	event_free(load.term);
	event_base_free(load.base);
	buf_free(&load.raw);
	return (load.tally.acked == load.tally.begun ? 0 : 111);
}
