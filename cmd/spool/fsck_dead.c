/* fsck: every dead record has a reason beside it, every reason a record. */
#include "fsck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "spool.h"

#define WHY_MAX	65536

/* ID; in dead/none also ID~N. */
static int
is_dead_name(const char *dir, const char *name)
{
	char id[UUID_TEXT];

	snprintf(id, sizeof(id), "%s", name);
	if (!uuid_valid(id))
		return (0);
	name += UUID_LEN;
	if (*name == '\0')
		return (1);
	return (strcmp(dir, SPOOL_DEAD "/" SPOOL_NONE) == 0 &&
	    name[0] == '~' && name[1] >= '1' && name[1] <= '9' &&
	    strspn(name + 1, "0123456789") == strlen(name + 1));
}

static int
is_there(const struct fsck *f, const char *path)
{
	return (faccessat(f->root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT);
}

/* The name without .why, if that is how it ends. */
static int
is_why(const struct name *n, char record[256])
{
	size_t len = strlen(n->text);

	if (len <= 4 || strcmp(n->text + len - 4, ".why") != 0)
		return (0);
	snprintf(record, 256, "%.*s", (int)(len - 4), n->text);
	return (1);
}

static void
judge_dead(struct fsck *f, const struct name *n)
{
	char record[256], path[FSCK_PATH + 8];
	int is_file = S_ISREG(n->st.st_mode);

	if (is_file && is_dead_name(n->dir, n->text)) {
		fsck_sight(f, n, strcmp(n->dir,
		    SPOOL_DEAD "/" SPOOL_NONE) == 0 ? IN_NONE : IN_DEAD);
		snprintf(path, sizeof(path), "%s.why", n->path);
		if (!is_there(f, path))
			fsck_found(f, REMEDY_REASON, n->path,
			    "not known, its .why was missing", 0,
			    "dead record without .why");
	} else if (is_file && is_why(n, record) &&
	    is_dead_name(n->dir, record)) {
		snprintf(path, sizeof(path), "%s/%s", n->dir, record);
		if (!is_there(f, path))
			fsck_found(f, REMEDY_LEFT, n->path, NULL, 0,
			    ".why without its record");
	} else
		fsck_stray(f, n);
}

void
fsck_dead(struct fsck *f)
{
	char dir[FSCK_PATH];
	size_t i;

	fsck_names(f, SPOOL_DEAD "/" SPOOL_NONE, judge_dead);
	for (i = 0; i < f->nqueues; i++) {
		snprintf(dir, sizeof(dir), SPOOL_DEAD "/%s", f->queues[i]);
		fsck_names(f, dir, judge_dead);
	}
}

int
fsck_dead_says(const struct fsck *f, const char *path, const char *why)
{
	char name[FSCK_PATH + 8];
	struct buf b = { 0 };
	const char *text;
	int says;

	snprintf(name, sizeof(name), "%s.why", path);
	says = file_slurp(f->root, name, WHY_MAX, &b) == 0 &&
	    (text = buf_str(&b)) != NULL && strstr(text, why) != NULL;
	buf_free(&b);
	return (says);
}
