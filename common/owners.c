#include "owners.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

#define NAME	64	/* of a destination's user */

enum { SPOOL, RECV, PULL, PYRO, METRICS, SHIP, USERS };
enum { PRODUCERS, CONSUMERS, PROGRAMS, GROUPS };

static const char *const users[USERS] = { "spool", "recv", "pull", "pyro",
	"metrics", "ship" };
static const char *const groups[GROUPS] = { "producers", "consumers",
	"programs" };
static const char *const usual[GROUPS] = { "prof", "prof-out", "prof-stat" };

struct owner {
	char		*name;		/* of a destination */
	uid_t		 uid;
	gid_t		 gid;
};

struct owners {
	struct owner	 users[USERS];
	gid_t		 groups[GROUPS];
	struct owner	*ships;
	size_t		 nships;
};

/* A decimal number, as an id. -1: it is none. */
static int
number(const char *text, unsigned int *id)
{
	unsigned long long n;
	char *end;

	if (*text < '0' || *text > '9')
		return (-1);
	n = strtoull(text, &end, 10);
	/* The last one means "no change" to chown(2). */
	if (*end != '\0' || n >= (uid_t)-1)
		return (-1);
	*id = (unsigned int)n;
	return (0);
}

/* A user's number has the group of its account, or the same number. */
static int
find_user(const char *text, struct owner *o)
{
	struct passwd *pw;

	if (number(text, &o->uid) == 0) {
		pw = getpwuid(o->uid);
		o->gid = pw != NULL ? pw->pw_gid : o->uid;
		return (0);
	}
	if ((pw = getpwnam(text)) == NULL)
		return (-1);
	o->uid = pw->pw_uid;
	o->gid = pw->pw_gid;
	return (0);
}

static int
find_group(const char *text, gid_t *gid)
{
	struct group *gr;

	if (number(text, gid) == 0)
		return (0);
	if ((gr = getgrnam(text)) == NULL)
		return (-1);
	*gid = gr->gr_gid;
	return (0);
}

/* Of those that all have: what is configured, or the usual names. */
static int
find_all(struct owners *o, const struct conf *conf, char why[OWNERS_WHY])
{
	const char *const named[USERS] = { conf->users_spool,
	    conf->users_recv, conf->users_pull, conf->users_pyro,
	    conf->users_metrics, conf->users_ship };
	const char *const grouped[GROUPS] = { conf->users_producers,
	    conf->users_consumers, conf->users_programs };
	char name[NAME];
	size_t i;

	for (i = 0; i < USERS; i++) {
		snprintf(name, sizeof(name), "prof-%s", users[i]);
		if (find_user(named[i] != NULL ? named[i] : name,
		    &o->users[i]) == -1) {
			snprintf(why, OWNERS_WHY, "[users] %s: there is no "
			    "user %s", users[i],
			    named[i] != NULL ? named[i] : name);
			return (-1);
		}
	}
	for (i = 0; i < GROUPS; i++)
		if (find_group(grouped[i] != NULL ? grouped[i] : usual[i],
		    &o->groups[i]) == -1) {
			snprintf(why, OWNERS_WHY, "[users] %s: there is no "
			    "group %s", groups[i],
			    grouped[i] != NULL ? grouped[i] : usual[i]);
			return (-1);
		}
	return (0);
}

/* A destination's own user, the usual one of its name, or that of all. */
static int
find_ship(struct owners *o, const struct conf_destination *d,
    char why[OWNERS_WHY])
{
	struct owner *ship = &o->ships[o->nships];
	char name[NAME];

	snprintf(name, sizeof(name), "prof-ship-%s", d->name);
	if ((ship->name = strdup(d->name)) == NULL) {
		snprintf(why, OWNERS_WHY, "%s", strerror(errno));
		return (-1);
	}
	o->nships++;
	if (d->user == NULL && find_user(name, ship) == -1) {
		ship->uid = o->users[SHIP].uid;
		ship->gid = o->users[SHIP].gid;
	} else if (d->user != NULL && find_user(d->user, ship) == -1) {
		snprintf(why, OWNERS_WHY, "[destination.%s] user: there is "
		    "no user %s", d->name, d->user);
		return (-1);
	}
	return (0);
}

static int
is_configured(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->ndestinations; i++)
		if (conf->destinations[i].user != NULL)
			return (1);
	return (conf->users_spool != NULL || conf->users_recv != NULL ||
	    conf->users_pull != NULL || conf->users_pyro != NULL ||
	    conf->users_metrics != NULL || conf->users_ship != NULL ||
	    conf->users_producers != NULL || conf->users_consumers != NULL ||
	    conf->users_programs != NULL);
}

struct owners *
owners_new(const struct conf *conf, char why[OWNERS_WHY])
{
	struct owners *o;
	size_t i;

	why[0] = '\0';
	if ((o = calloc(1, sizeof(*o))) == NULL ||
	    (o->ships = calloc(conf->ndestinations + 1,
	    sizeof(*o->ships))) == NULL) {
		snprintf(why, OWNERS_WHY, "%s", strerror(errno));
		goto fail;
	}
	if (find_all(o, conf, why) == -1) {
		/* Nobody wants them, and nobody made them. */
		if (!is_configured(conf))
			why[0] = '\0';
		goto fail;
	}
	for (i = 0; i < conf->ndestinations; i++)
		if (find_ship(o, &conf->destinations[i], why) == -1)
			goto fail;
	return (o);
fail:
	owners_free(o);
	return (NULL);
}

void
owners_free(struct owners *o)
{
	size_t i;

	if (o == NULL)
		return;
	for (i = 0; i < o->nships; i++)
		free(o->ships[i].name);
	free(o->ships);
	free(o);
}

static const struct owner *
owner_of(const struct owners *o, const char *word)
{
	size_t i;

	if (strncmp(word, "ship.", 5) == 0)
		for (i = 0; i < o->nships; i++)
			if (strcmp(o->ships[i].name, word + 5) == 0)
				return (&o->ships[i]);
	for (i = 0; i < USERS - 1; i++)
		if (strcmp(users[i], word) == 0)
			return (&o->users[i]);
	return (NULL);
}

uid_t
owners_user(const struct owners *o, const char *word)
{
	const struct owner *owner = owner_of(o, word);

	return (owner != NULL ? owner->uid : (uid_t)-1);
}

gid_t
owners_group(const struct owners *o, const char *word)
{
	const struct owner *owner = owner_of(o, word);
	size_t i;

	for (i = 0; i < GROUPS; i++)
		if (strcmp(groups[i], word) == 0)
			return (o->groups[i]);
	return (owner != NULL ? owner->gid : (gid_t)-1);
}
