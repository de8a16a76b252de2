#include "manager.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "log.h"
#include "spool.h"

/* Between making a draft and locking it, its producer has this long. */
#define YOUNG	10	/* seconds */

/* Its producer holds a lock on a draft as long as it writes it. */
int
sweep_lock(int dir, const char *name)
{
	struct stat st;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    time(NULL) - st.st_mtime > YOUNG &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		return (fd);
	close(fd);
	return (-1);
}

static void
sweep_prog(struct manager *m, const char *prog)
{
	char name[2 * SPOOL_FILE_MAX];
	const char *draft;
	DIR *dir;
	int fd;

	snprintf(name, sizeof(name), SPOOL_TMP "/%.*s", SPOOL_NAME_MAX, prog);
	if ((dir = file_opendir(m->root, name)) == NULL)
		return;
	while (file_next(dir, &draft) == 1) {
		if (draft[0] == '.' ||
		    (fd = sweep_lock(dirfd(dir), draft)) == -1)
			continue;
		if (unlinkat(dirfd(dir), draft, 0) == 0) {
			m->swept++;
			log_info(NULL, "abandoned draft removed",
			    "prog=%s draft=%s", prog, log_quote(draft));
		}
		close(fd);
	}
	closedir(dir);
}

void
sweep_drafts(struct manager *m)
{
	const char *prog;
	DIR *dir;

	if ((dir = file_opendir(m->root, SPOOL_TMP)) == NULL)
		return;
	while (file_next(dir, &prog) == 1)
		if (prog[0] != '.' && strlen(prog) <= SPOOL_NAME_MAX)
			sweep_prog(m, prog);
	closedir(dir);
}
