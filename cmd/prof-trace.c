/*
 * prof-trace - tell the life of one record
 *
 * usage:  prof-trace [-hvV] [-c conf] [-s spool] id [log ...]
 * reads:  spool/new, queue, dead, lost and ledger; directories of destinations
 *         of type file; logs as supervisors keep them, - for standard input
 * writes: a line an event in the order of time, and a sentence on where the
 *         record is and what happens next; the same sentence of its parent
 *         and of what was made from it
 * exits:  0; 2 usage; 100 no such record, several that begin so, or the
 *         configuration is wrong; 111 something cannot be read
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "log.h"
#include "program.h"
#include "spool.h"
#include "trace/family.h"
#include "trace/logs.h"
#include "trace/story.h"
#include "uuid.h"

static struct program program = {
	.name = "prof-trace",
	.usage = "usage: prof-trace [-hvV] [-c conf] [-s spool] id [log ...]\n"
	    "       an id may be cut short; a log may be - for standard "
	    "input\n",
	.without = "nt",
};

/* What all steps need. */
struct trace {
	const struct conf *conf;
	int		 root;		/* of the spool; -1: there is none */
	const char	*options;	/* as they were given, for commands */
	struct logs	*logs;
	struct family	 family;
	int		 unread;	/* not all of the spool could be read */
	int		 worst;		/* exit code so far */
};

static void
cannot_read(struct trace *t, const char *what)
{
	log_err(NULL, "cannot read the spool", "spool=%s part=%s error=%s%s",
	    log_quote(t->conf->cache_path), what, log_quote(strerror(errno)),
	    errno == EACCES ? " hint=\"run it as prof-spool's user, or as "
	    "root\"" : "");
	t->unread = 1;
	t->worst = 111;
}

static void
read_logs(struct trace *t, int n, char *paths[])
{
	int i;

	for (i = 0; i < n; i++)
		if (logs_read(t->logs, paths[i]) == -1) {
			log_err(NULL, "cannot read a log", "path=%s error=%s",
			    log_quote(paths[i]), log_quote(strerror(errno)));
			t->worst = 111;
		}
	if (logs_cut(t->logs))
		log_warn(NULL, "too many lines", "kept=%d hint=\"give more of "
		    "the id\"", LOGS_LINES);
}

static int
on_id(const char *id, void *arg)
{
	return (family_add(arg, id));
}

/* Everything that may be meant. -1: ENOMEM. */
static int
search(struct trace *t, const char *prefix)
{
	t->family.prefix = prefix;
	if (uuid_valid(prefix) && family_add(&t->family, prefix) == -1)
		return (-1);
	if (t->root != -1 && family_search(&t->family, t->root) == -1)
		return (-1);
	if ((errno = t->family.error) != 0)
		cannot_read(t, "all");
	return (logs_ids(t->logs, on_id, &t->family));
}

/* All that is known of an id. -1: ENOMEM. */
static int
gather(struct trace *t, struct story *s, const char *id)
{
	const char *what;

	memset(s, 0, sizeof(*s));
	memcpy(s->id, id, UUID_TEXT);
	if (t->root != -1 && story_spool(s, t->root, &what) == -1) {
		if (errno == ENOMEM)
			return (-1);
		cannot_read(t, what);
	}
	return (story_outbox(s, t->conf) == -1 ||
	    logs_tell(t->logs, s) == -1 ? -1 : 0);
}

/* Its parent, and what was made from it: where those are. */
static int
tell_relatives(struct trace *t, const struct story *s)
{
	struct story other;
	const char *id;
	int is_parent;
	size_t i;

	for (i = 0; i < t->family.n; i++) {
		id = t->family.v[i];
		is_parent = strcmp(id, s->parent) == 0 ||
		    family_derived(s->id, id);
		if (!is_parent && !family_derived(id, s->id))
			continue;
		if (gather(t, &other, id) == -1)
			return (-1);
		printf(is_parent ? "made from " : "made of it: ");
		story_verdict(&other, t->options);
		story_clear(&other);
	}
	return (0);
}

static int
tell(struct trace *t, const char *prefix)
{
	const char *id, *second;
	struct story s;
	int result;

	if (search(t, prefix) == -1)
		return (-1);
	id = family_pick(&t->family, &second);
	if (id != NULL && second != NULL) {
		log_err(NULL, "several records begin so",
		    "prefix=%s first=%s second=%s", log_quote(prefix), id,
		    second);
		t->worst = 100;
		return (0);
	}
	if (id == NULL || gather(t, &s, id) == -1) {
		if (id != NULL)
			return (-1);
		memset(&s, 0, sizeof(s));
	}
	if (!s.seen && t->unread) {
		story_clear(&s);
		return (0);
	}
	if (!s.seen) {
		log_err(NULL, "no such record", "id=%s hint=\"a ledger "
		    "forgets: logs may know more\"", log_quote(prefix));
		if (t->worst == 0)
			t->worst = 100;
		story_clear(&s);
		return (0);
	}
	result = story_tell(&s);
	if (result == 0) {
		story_verdict(&s, t->options);
		result = tell_relatives(t, &s);
	}
	story_clear(&s);
	return (result);
}

static int
trace(struct trace *t, int argc, char *argv[])
{
	size_t i;

	for (i = 0; argv[0][i] != '\0'; i++)
		if (strchr("0123456789abcdef-", argv[0][i]) == NULL)
			break;
	if (i == 0 || i > UUID_LEN || argv[0][i] != '\0')
		return (program_wrong(&program, argv[0],
		    "neither an id nor the beginning of one"));
	t->root = open(t->conf->cache_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->root == -1)
		cannot_read(t, ".");
	if ((t->logs = logs_new(argv[0])) == NULL)
		return (111);
	read_logs(t, argc - 1, argv + 1);
	if (tell(t, argv[0]) == -1 || fflush(stdout) != 0) {
		log_err(NULL, "cannot tell it", "error=%s",
		    log_quote(strerror(errno)));
		t->worst = 111;
	}
	return (t->worst);
}

int
main(int argc, char *argv[])
{
	struct trace t = { .root = -1 };
	struct buf options = { 0 };
	struct conf *conf;
	int code;

	if ((code = program_options(&program, argc, argv)) != -1)
		return (code);
	if (optind >= argc)
		return (program_wrong(&program, NULL, "of which record?"));
	if ((conf = program_conf(&program)) == NULL)
		return (program_unread(errno));
	if ((program.conf != NULL &&
	    buf_addf(&options, " -c %s", program.conf) == -1) ||
	    (program.spool != NULL &&
	    buf_addf(&options, " -s %s", program.spool) == -1) ||
	    (t.options = buf_str(&options)) == NULL)
		return (111);
	t.conf = conf;
	code = trace(&t, argc - optind, argv + optind);
	logs_free(t.logs);
	free(t.family.v);
	if (t.root != -1)
		close(t.root);
	buf_free(&options);
	conf_free(conf);
	return (code);
}
