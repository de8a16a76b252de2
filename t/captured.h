#ifndef CAPTURED_H
#define CAPTURED_H

#include "buf.h"

/* A request in t/data/pyro, as a Pyroscope client sent it. */
struct captured {
	struct buf	 file;
	char		*target;	/* /ingest?... */
	char		*type;		/* Content-Type; NULL: none */
	char		*encoding;	/* Content-Encoding; NULL: none */
	struct buf	 body;		/* out of its chunks; as it is encoded */
};

/* name has no ".http". -1: there is no such request. To be freed. */
int	captured_read(struct captured *, const char *name);
void	captured_free(struct captured *);

/* The content of a part of a form. -1: it has none of that name. */
int	captured_part(const struct captured *, const char *name,
	    struct buf *out);

/* What bytes inflate to; what is not compressed stays. -1: malformed. */
int	captured_inflate(const struct buf *, struct buf *out);

#endif
