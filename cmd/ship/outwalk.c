#include "outwalk.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "outname.h"
#include "uuid.h"
#include "when.h"

_Static_assert(OUTWALK_NAME == OUTNAME_MAX, "a name");
_Static_assert(OUTWALK_ID == UUID_TEXT, "an id");

struct outwalk {
	struct outitem	 item;
	int		(*on_item)(const struct outitem *, void *);
	void		*arg;
};

/* The next name that is not hidden, as file_next. */
static int
next_name(DIR *dir, const char **name)
{
	int more;

	while ((more = file_next(dir, name)) == 1 && (*name)[0] == '.')
		;
	return (more);
}

/* What a profile occupies. 0: it is not ours; -1 with errno. */
static int
profile_bytes(int at, const char *name, uint64_t *bytes)
{
	const char *file;
	struct stat st;
	int more = 0, result = 1;
	DIR *dir;

	if ((dir = file_opendir(at, name)) == NULL)
		return (-1);
	if (fstat(dirfd(dir), &st) == -1)
		result = -1;
	*bytes = (uint64_t)st.st_blocks * 512;
	while (result == 1 && (more = next_name(dir, &file)) == 1) {
		if (fstatat(dirfd(dir), file, &st, AT_SYMLINK_NOFOLLOW) == -1)
			result = -1;
		else if (!S_ISREG(st.st_mode))
			result = 0;
		*bytes += (uint64_t)st.st_blocks * 512;
	}
	closedir(dir);
	return (more == -1 ? -1 : result);
}

/* Fill the item in. 1: it is one; 0: it is not ours; -1 with errno. */
static int
walk_look(struct outwalk *w, int at, const char *name)
{
	struct outitem *item = &w->item;
	char when[WHEN_TEXT];
	struct stat st;

	item->profile = outname_is_profile(name, item->id);
	if (!item->profile && !outname_is_line(name, item->id))
		return (0);
	snprintf(item->name, sizeof(item->name), "%s", name);
	if (item->profile) {
		memcpy(item->when, name, 6);
		return (profile_bytes(at, name, &item->bytes));
	}
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return (-1);
	item->bytes = (uint64_t)st.st_blocks * 512;
	/* Its name has no time but that in the id, of the profile's coming. */
	when_format(when, uuid_time(item->id) * 1000000, 0);
	snprintf(item->when, sizeof(item->when), "%.2s%.2s%.2s", when + 11,
	    when + 14, when + 17);
	return (S_ISREG(st.st_mode));
}

/* Each name in at/name but those that are hidden, gone or not for us. */
static int
each(struct outwalk *w, int at, const char *name,
    int (*step)(struct outwalk *, int at, const char *name))
{
	int more = 0, result = 0;
	DIR *dir;

	if ((dir = file_opendir(at, name)) == NULL)
		return (-1);
	while (result == 0 && (more = next_name(dir, &name)) == 1) {
		result = step(w, dirfd(dir), name);
		if (result == -1 && (errno == ENOENT || errno == ENOTDIR ||
		    errno == ELOOP || errno == EACCES))
			result = 0;
	}
	closedir(dir);
	return (more == -1 ? -1 : result);
}

static int
on_name(struct outwalk *w, int at, const char *name)
{
	int result = walk_look(w, at, name);

	return (result == 1 ? w->on_item(&w->item, w->arg) : result);
}

/* A service, or the lines of a day. */
static int
on_dir(struct outwalk *w, int at, const char *name)
{
	if (!outname_is_dir(name))
		return (0);
	snprintf(w->item.dir, sizeof(w->item.dir), "%s", name);
	return (each(w, at, name, on_name));
}

static int
on_date(struct outwalk *w, int at, const char *name)
{
	if (!outname_is_date(name))
		return (0);
	snprintf(w->item.date, sizeof(w->item.date), "%s", name);
	return (each(w, at, name, on_dir));
}

int
outwalk(int root, int (*on_item)(const struct outitem *, void *arg), void *arg)
{
	struct outwalk w = { .on_item = on_item, .arg = arg };

	return (each(&w, root, ".", on_date));
}

int
outwalk_order(const void *a, const void *b)
{
	const struct outitem *one = a, *two = b;
	int order;

	if ((order = strcmp(one->date, two->date)) == 0 &&
	    (order = strcmp(one->when, two->when)) == 0)
		order = strcmp(one->id, two->id);
	return (order);
}
