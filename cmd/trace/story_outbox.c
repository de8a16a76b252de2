/* Destinations of type file: the directory or the file that became of it. */
#include "story.h"

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "file.h"
#include "when.h"

#define DAY	(INT64_C(86400) * WHEN_SECOND)

/* Is there a name that ends in -ID or begins with ID.line? */
static int
outbox_name(DIR *dir, const char *id, char *out, size_t size)
{
	const char *name, *at;

	while (file_next(dir, &name) == 1) {
		at = strstr(name, id);
		if (at == NULL || (strcmp(at + UUID_LEN, "") != 0 &&
		    strcmp(at + UUID_LEN, ".line") != 0))
			continue;
		snprintf(out, size, "%s", name);
		return (1);
	}
	return (0);
}

/* DATE/SERVICE/TIME-ID, DATE/metrics/ID.line. 1: it is there. */
static int
outbox_day(const char *root, const char *date, const char *id, char *out,
    size_t size)
{
	char path[1024], name[256];
	const char *kind;
	DIR *days, *dir;
	int found = 0;

	snprintf(path, sizeof(path), "%s/%s", root, date);
	if ((days = file_opendir(AT_FDCWD, path)) == NULL)
		return (0);
	while (!found && file_next(days, &kind) == 1) {
		if (kind[0] == '.' ||
		    (dir = file_opendir(dirfd(days), kind)) == NULL)
			continue;
		found = outbox_name(dir, id, name, sizeof(name));
		closedir(dir);
		if (found)
			snprintf(out, size, "%s/%s/%s", path, kind, name);
	}
	closedir(days);
	return (found);
}

/* It lies where the day says on which it came in: about that of its id. */
static int
outbox_find(const char *root, const char *id, char *out, size_t size)
{
	int64_t made = uuid_time(id) * (WHEN_SECOND / 1000);
	char date[WHEN_TEXT];
	int days;

	for (days = 0; days < 3; days++) {
		/* That day, the one after, the one before. */
		when_format(date, made + (days == 2 ? -1 : days) * DAY, 0);
		date[10] = '\0';
		if (outbox_day(root, date, id, out, size))
			return (1);
	}
	return (0);
}

int
story_outbox(struct story *s, const struct conf *conf)
{
	const struct conf_destination *d;
	char path[1600];
	struct stat st;
	size_t i;

	for (i = 0; i < conf->ndestinations; i++) {
		d = &conf->destinations[i];
		if (d->type != CONF_FILE_DEST || d->url.n == 0 ||
		    strncmp(d->url.v[0], "file:", 5) != 0 ||
		    !outbox_find(d->url.v[0] + 5, s->id, path, sizeof(path)) ||
		    stat(path, &st) == -1)
			continue;
		if (story_add(s, (int64_t)st.st_ctim.tv_sec * WHEN_SECOND +
		    st.st_ctim.tv_nsec, "outbox of %s: %s", d->name,
		    path) == -1)
			return (-1);
	}
	return (0);
}
