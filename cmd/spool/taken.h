#ifndef TAKEN_H
#define TAKEN_H

#include <sys/stat.h>

#include <stdint.h>

#include "uuid.h"

struct consumer;
struct manager;

/* One record on its way out of new/. */
struct arrival {
	char		 id[UUID_TEXT];
	struct stat	 st;
	uint32_t	 crc;
	unsigned int	 kind;		/* RECORD_PROFILE ... */
	unsigned char	 source;
	int		 derived;	/* its id is a function of its parent's */
};

/*
 * Who holds its id: prof.7, "Ids". UNKNOWN with errno: the disk refuses to
 * tell.
 */
enum taken { FREE, SAME_FILE, SAME_RECORD, OTHER_RECORD, UNKNOWN };

/* At this path, which may have gone meanwhile. */
enum taken taken_at(struct manager *, const struct arrival *, const char *path);

/* In this queue, by the index; an entry whose file has gone goes, too. */
enum taken taken_by(struct consumer *, const struct arrival *);

#endif
