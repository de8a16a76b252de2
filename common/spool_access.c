/* Whether a program's user may write to its parts of the spool. */
#include "spool.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH	(SPOOL_NAME_MAX + 16)

static int
is_refused(const struct spool *s, const char *path, const struct spool_part *p,
    char why[SPOOL_WHY])
{
	int need = S_ISDIR(p->mode) ? W_OK | X_OK : R_OK | W_OK;
	struct stat st;

	/* Nobody reads the bell but prof-spool. */
	if (strcmp(path, SPOOL_PIPE "/spool") == 0)
		need = W_OK;
	if (faccessat(spool_dir(s), path, need, AT_EACCESS) == 0 ||
	    errno != EACCES ||
	    fstatat(spool_dir(s), path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return (0);
	snprintf(why, SPOOL_WHY, "%s has mode %04o and owner %u:%u, wants "
	    "%04o and %s:%s; this is user %u", path, st.st_mode & 07777,
	    st.st_uid, st.st_gid, p->mode & 07777, p->user, p->group,
	    geteuid());
	return (1);
}

/* Is it written by PROG, which is in the groups that its kind is in? */
static int
is_written(const struct spool_part *p, const char *prog, int produces)
{
	if (strcmp(p->name, SPOOL_PIPE "/ctl") == 0)
		return (0);
	return (strcmp(p->user, prog) == 0 || strcmp(p->group, prog) == 0 ||
	    strcmp(p->group, "programs") == 0 ||
	    (produces && strcmp(p->group, "producers") == 0));
}

int
spool_refuses(const struct spool *s, const char *prog, char why[SPOOL_WHY])
{
	int produces = strncmp(prog, "ship.", 5) != 0;
	struct spool_part part;
	char path[PATH];
	size_t i;

	for (i = 0; i < SPOOL_PARTS; i++)
		if (is_written(&spool_parts[i], prog, produces) &&
		    is_refused(s, spool_parts[i].name, &spool_parts[i], why))
			return (1);
	if (produces && strcmp(prog, "metrics") != 0)
		return (0);
	for (i = 0; i < SPOOL_QUEUE_PARTS; i++) {
		part = spool_queue_parts[i];
		part.group = prog;
		snprintf(path, sizeof(path), "%s%.*s%s", part.name,
		    SPOOL_NAME_MAX, produces ? prog : prog + 5, part.suffix);
		if (S_ISFIFO(part.mode) && is_refused(s, path, &part, why))
			return (1);
	}
	return (0);
}
