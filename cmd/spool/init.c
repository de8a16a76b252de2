/*
 * prof-spool init: make a spool for what is configured; as root, where each
 * program has a user, give it to them.
 */
#include "hand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "file.h"
#include "log.h"
#include "owners.h"
#include "spool.h"

#define OUTBOX_MODE	0755

/* The queues' names, an array of the caller's. NULL: ENOMEM. */
static const char **
queue_names(const struct conf *conf, size_t *n)
{
	const char **names;

	names = calloc(conf->ndestinations + 1, sizeof(*names));
	if (names == NULL)
		return (NULL);
	for (*n = 0; *n < conf->ndestinations; ++*n)
		names[*n] = conf->destinations[*n].name;
	if (conf->generate_metrics)
		names[(*n)++] = "metrics";
	return (names);
}

/* An outbox stands where its prof-ship may make nothing. */
static int
make_outbox(const struct conf_destination *d, const struct owners *o)
{
	const char *path = d->url.n == 1 ? d->url.v[0] : "";
	char consumer[SPOOL_CONSUMER];
	int made;

	if (d->type != CONF_FILE_DEST || strncmp(path, "file:/", 6) != 0)
		return (0);
	path += 5;
	if ((made = file_mkdirs(path, OUTBOX_MODE)) != 1)
		return (made);
	spool_consumer(consumer, d->name);
	return (chown(path, owners_user(o, consumer),
	    owners_group(o, consumer)));
}

static int
make(const struct conf *conf, const char *const *names, size_t n,
    const struct owners *o)
{
	const char *path = conf->cache_path;
	size_t i;

	if (spool_init(path, names, n, o) == -1) {
		log_err(NULL, "cannot make the spool", "spool=%s error=%s "
		    "hint=\"-s or cache_path names another place\"",
		    log_quote(path), log_quote(strerror(errno)));
		return (111);
	}
	for (i = 0; o != NULL && i < conf->ndestinations; i++)
		if (make_outbox(&conf->destinations[i], o) == -1) {
			log_err(NULL, "cannot make an outbox",
			    "queue=%s error=%s", conf->destinations[i].name,
			    log_quote(strerror(errno)));
			return (111);
		}
	return (0);
}

int
hand_init(const struct conf *conf)
{
	char why[OWNERS_WHY];
	struct owners *o = owners_new(conf, why);
	const char **names;
	int result = 111;
	size_t n;

	if (o == NULL && why[0] != '\0') {
		log_err(NULL, "configuration", "error=%s", log_quote(why));
		return (100);
	}
	/* What is another's only root can make. */
	if (geteuid() != 0) {
		owners_free(o);
		o = NULL;
	}
	if ((names = queue_names(conf, &n)) != NULL)
		result = make(conf, names, n, o);
	free(names);
	owners_free(o);
	return (result);
}
