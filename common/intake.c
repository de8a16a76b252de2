#include "intake.h"

#include <sys/resource.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "committer.h"
#include "conf.h"
#include "httpd.h"
#include "intake_answer.h"
#include "intake_tally.h"
#include "intake_trouble.h"
#include "log.h"
#include "room.h"
#include "spool.h"
#include "tenant.h"
#include "when.h"

#define FILES_SPARE	256	/* descriptors beside those of clients */

/* A descriptor for each connection and one for its draft. */
static void
files_allow(const struct conf *conf)
{
	rlim_t wanted = (rlim_t)(2 * conf->connections + FILES_SPARE);
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == -1 || files.rlim_cur >= wanted)
		return;
	files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static int
spool_begin(struct intake *in)
{
	const char *path = in->conf->cache_path;
	char held[64];

	snprintf(held, sizeof(held), "another prof-%s has it", in->prog);
	if ((in->spool = tenant_open(path, in->prog)) == NULL)
		return (-1);
	/* Held until the process ends. */
	if (spool_lock(in->spool, in->prog) == -1) {
		log_err(NULL, "cannot lock the spool", "spool=%s error=%s",
		    log_quote(path), log_quote(errno == EWOULDBLOCK ? held :
		    strerror(errno)));
		return (-1);
	}
	return (0);
}

int
intake_open(struct intake *in, struct event_base *base, const char *prog,
    struct conf *conf, int output)
{
	in->prog = prog;
	in->conf = conf;
	in->output = output;
	signal(SIGPIPE, SIG_IGN);
	/* A file size limit is a full disk to us. */
	signal(SIGXFSZ, SIG_IGN);
	if (output == -1 && spool_begin(in) == -1)
		return (-1);
	files_allow(conf);
	if ((in->tally = calloc(1, sizeof(*in->tally))) != NULL &&
	    (in->trouble = calloc(1, sizeof(*in->trouble))) != NULL &&
	    (in->room = room_new(in->spool, conf->min_free)) != NULL &&
	    (in->committer = committer_new(base, in->spool,
	    (unsigned int)conf->commits, output)) != NULL)
		return (0);
	log_err(NULL, "cannot start", "error=%s", log_quote(strerror(errno)));
	return (-1);
}

void
intake_close(struct intake *in)
{
	committer_free(in->committer);
	room_free(in->room);
	free(in->tally);
	free(in->trouble);
	spool_close(in->spool);
	conf_free(in->conf);
}

void
intake_change(struct intake *in, struct conf *conf)
{
	files_allow(conf);
	room_limit(in->room, conf->min_free);
	conf_free(in->conf);
	in->conf = conf;
}

void
intake_refused(struct intake *in, const struct httpd_request *request,
    int status, const char *why, uint64_t at)
{
	char offset[32] = "";

	in->tally->discarded[INTAKE_BAD]++;
	if (at != INTAKE_NOWHERE)
		snprintf(offset, sizeof(offset), " offset=%llu",
		    (unsigned long long)at);
	log_warn(NULL, "upload refused", "remote=%s status=%d reason=%s%s",
	    httpd_remote(request), status, log_quote(why), offset);
}

void
intake_put_off(struct intake *in, const struct httpd_request *request,
    const char *why, int cause)
{
	in->tally->discarded[INTAKE_DISK]++;
	if (cause != 0) {
		in->tally->error = cause;
		in->tally->settled = when_mono();
	}
	intake_trouble_refused(in->trouble, httpd_remote(request), why,
	    cause);
}

const char *
intake_cause(const struct intake *in, int error)
{
	if (in->spool == NULL)
		return ("the output cannot be written");
	switch (error) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ("no space in the spool");
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		return ("out of memory or descriptors");
	default:
		return ("the spool cannot be written");
	}
}

void
intake_committing(struct intake *in)
{
	if (in->tally->waiting++ == 0)
		in->tally->settled = when_mono();
}

void
intake_committed(struct intake *in, int error, int64_t took, uint64_t length)
{
	in->tally->waiting--;
	in->tally->error = error;
	in->tally->settled = when_mono();
	histogram_time(&in->tally->commit, took);
	if (error == 0) {
		intake_trouble_taken(in->trouble);
		in->tally->records++;
		histogram_size(&in->tally->size, length);
	} else if (in->spool == NULL && !in->broken) {
		/* To an output there is no second try: its stream is torn. */
		in->broken = 1;
		raise(SIGTERM);
	}
}
