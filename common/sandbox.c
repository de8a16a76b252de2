#include "sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "buf.h"
#include "conf.h"
#include "confine.h"
#include "expose.h"
#include "grant.h"
#include "grant_conf.h"
#include "log.h"

/* The process has one. */
static struct {
	struct confine	*confine;	/* NULL: none was entered */
	char		 prog[64];
	int		 spool;
	const struct conf *also;	/* the caller's */
	int		 told;		/* that it is not enough */
} box;

/* In a signal handler: log_warn makes its line on the stack. */
static void
on_refused(const char *call)
{
	log_warn(NULL, "system call refused", "call=%s", call);
}

void
sandbox_also(const struct conf *targets)
{
	box.also = targets;
}

/* What a library reads when it is used first, it cannot read in there. */
static void
enter(struct confine *c)
{
	json_object_seed(0);
	confine_enter(c, on_refused);
}

static struct confine *
box_grant(const struct conf *conf)
{
	struct confine *c = grant_of(box.prog, conf, box.spool);

	if (c != NULL && box.also != NULL &&
	    grant_conf_targets(c, box.also) == -1) {
		confine_free(c);
		c = NULL;
	}
	return (c);
}

void
sandbox_enter(const char *prog, const struct conf *conf, int spool)
{
	struct confine *c;

	snprintf(box.prog, sizeof(box.prog), "%s", prog);
	box.spool = spool;
	if (conf->sandbox == CONF_SANDBOX_OFF) {
		log_info(NULL, "not confined", "reason=configuration");
		return;
	}
	if ((c = box_grant(conf)) == NULL) {
		log_warn(NULL, "not confined", "reason=%s",
		    log_quote(strerror(errno)));
		return;
	}
	enter(c);
	box.confine = c;
	log_info(NULL, "confined", "landlock=%d seccomp=%d",
	    confine_landlock(c), confine_seccomp(c));
}

void
sandbox_worker(void)
{
	struct confine *c = grant_of("worker", NULL, 0);

	if (c != NULL)
		enter(c);
	confine_free(c);
}

static void
box_lacks(const char *why, const char *what)
{
	log_warn(NULL, "restart needed", "reason=%s for=%s", log_quote(why),
	    log_quote(what));
	box.told = 1;
}

int
sandbox_change(const struct conf *conf)
{
	struct confine *c;
	const char *what;

	if (box.confine == NULL || confine_landlock(box.confine) == 0 ||
	    (c = box_grant(conf)) == NULL)
		return (0);
	if ((what = confine_lacks(box.confine, c)) != NULL)
		box_lacks("outside the sandbox", what);
	confine_free(c);
	return (what != NULL);
}

int
sandbox_stale(void)
{
	const char *path;

	if (box.confine == NULL || confine_landlock(box.confine) == 0 ||
	    (path = confine_stale(box.confine)) == NULL)
		return (0);
	if (!box.told)
		box_lacks("replaced, and outside the sandbox", path);
	return (1);
}

int
sandbox_ends(void)
{
	return (box.told);
}

int
sandbox_print(struct buf *b, const char *prog)
{
	const struct confine *c = box.confine;

	if (expose_type(b, "prof_sandbox_info", "gauge", "Whether Landlock "
	    "(its version) and seccomp confine the program.") == -1)
		return (-1);
	return (buf_addf(b, "prof_sandbox_info{program=\"%s\",landlock=\"%d\","
	    "seccomp=\"%d\"} 1\n", prog, c != NULL ? confine_landlock(c) : 0,
	    c != NULL ? confine_seccomp(c) : 0));
}
