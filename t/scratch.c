#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "spool.h"

static char path[4096];
static struct spool *spool;

static int
on_file(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return (remove(name));
}

static void
on_exit_remove(void)
{
	spool_close(spool);
	nftw(path, on_file, 8, FTW_DEPTH | FTW_PHYS);
}

struct spool *
scratch_spool(void)
{
	static const char *const queues[] = { "q" };
	const char *tmp = getenv("TMPDIR");

	if (spool != NULL)
		return (spool);
	snprintf(path, sizeof(path), "%s/scratch.XXXXXX",
	    tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	if (mkdtemp(path) == NULL || spool_init(path, queues, 1,
	    NULL) == -1 ||
	    (spool = spool_open(path)) == NULL || atexit(on_exit_remove) != 0) {
		perror(path);
		exit(111);
	}
	return (spool);
}
