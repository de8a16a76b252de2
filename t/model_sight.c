/* What there is of each record, by the directories. */
#include "model.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record.h"
#include "spool.h"

struct sight sights[RECORDS];

static int
find_record(const char *name)
{
	unsigned int i;

	for (i = 0; i < world->nrecords; i++)
		if (strncmp(world->records[i].id, name, UUID_LEN) == 0)
			return ((int)i);
	return (-1);
}

/* What of a file was the record, when this life looked. */
static struct {
	ino_t		 inode;
	struct timespec	 written;
} sound[RECORDS];

/* Is the file the record that it says by its name? */
static void
check_bytes(const char *path, const struct stat *st, int i)
{
	const struct record_made *made = &world->records[i];
	struct record r = { .nlines = 0 };
	const char *why = "";
	int fd, result;

	if (made->bad || (sound[i].inode == st->st_ino &&
	    memcmp(&sound[i].written, &st->st_mtim, sizeof(st->st_mtim)) == 0))
		return;
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		broken("%s: %s", path, strerror(errno));
	result = record_read(&r, fd, &why);
	if (result == 0)
		result = record_check(&r, fd, &why);
	if (result == -1 || strcmp(r.id, made->id) != 0)
		broken("%s is torn, or another: %s", path, why);
	record_clear(&r);
	close(fd);
	sound[i].inode = st->st_ino;
	sound[i].written = st->st_mtim;
}

/* One name of a directory: what was seen of which record. */
static void
see(const char *dir, const char *name, int queue)
{
	char path[OP_PATH + 256], id[UUID_TEXT];
	unsigned int attempts;
	struct sight *s;
	struct stat st;
	int64_t due;
	int i = find_record(name);

	snprintf(path, sizeof(path), "%s/spool/%s/%s", world->dir, dir, name);
	if (i == -1)
		broken("%s: of nobody", path);
	s = &sights[i];
	if (strstr(name, ".why") != NULL) {
		if (queue >= 0)
			s->why[queue]++;
		return;
	}
	if (stat(path, &st) == -1)
		broken("%s: %s", path, strerror(errno));
	check_bytes(path, &st, i);
	s->inode = st.st_ino;
	s->bytes = (uint64_t)st.st_blocks * 512;
	if (strcmp(dir, "new") == 0)
		s->is_new++;
	else if (strcmp(dir, "dead/none") == 0)
		s->is_none++;
	else if (strncmp(dir, "dead", 4) == 0)
		s->dead[queue]++;
	else if (spool_name_parse(name, id, &attempts, &due) == -1)
		broken("%s: a name that means nothing", path);
	else {
		s->queued[queue]++;
		s->attempts[queue] = attempts;
	}
}

static void
look(const char *dir, int queue)
{
	char path[OP_PATH];
	struct dirent *entry;
	DIR *d;

	snprintf(path, sizeof(path), "%s/spool/%s", world->dir, dir);
	if ((d = opendir(path)) == NULL) {
		/* One that was never configured. */
		if (queue >= 0 && errno == ENOENT)
			return;
		broken("%s: %s", path, strerror(errno));
	}
	while ((entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			see(dir, entry->d_name, queue);
	closedir(d);
}

uint64_t
sight_all(void)
{
	char dir[64];
	uint64_t bytes = 0;
	unsigned int i;

	memset(sights, 0, sizeof(sights));
	look("new", -1);
	look("dead/none", -1);
	for (i = 0; i < QUEUES; i++) {
		snprintf(dir, sizeof(dir), "queue/%s", queue_names[i]);
		look(dir, (int)i);
		snprintf(dir, sizeof(dir), "dead/%s", queue_names[i]);
		look(dir, (int)i);
	}
	for (i = 0; i < world->nrecords; i++)
		bytes += sights[i].bytes;
	return (bytes);
}
