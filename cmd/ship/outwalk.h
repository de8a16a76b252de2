#ifndef OUTWALK_H
#define OUTWALK_H

#include <stdint.h>

#define OUTWALK_NAME	160	/* bytes of a name of ours, with its NUL */
#define OUTWALK_ID	37

/* What an outbox holds of one record: a profile's directory, or a file. */
struct outitem {
	char		date[11];		/* 2026-11-22 */
	char		when[7];		/* 095757 */
	char		dir[OUTWALK_NAME];	/* the service, metrics, points */
	char		name[OUTWALK_NAME];
	char		id[OUTWALK_ID];
	int		profile;
	uint64_t	bytes;			/* on disk */
};

/*
 * Call on_item for all that looks like an outbox's own, in no order: a name of
 * ours, and of a profile nothing in it but plain files. It stops when on_item
 * returns other than 0, and returns that; -1 with errno: a directory could not
 * be read. What vanishes meanwhile is no error.
 */
int	outwalk(int root, int (*on_item)(const struct outitem *, void *arg),
	    void *arg);

/* Which of two is older: less than 0, 0, or greater; for qsort. */
int	outwalk_order(const void *, const void *);

#endif
