#ifndef PRODUCT_H
#define PRODUCT_H

#include <stddef.h>
#include <stdint.h>

struct buf;

#define PRODUCT_FILES	5

/* An attachment. */
struct product_file {
	const char	*name;		/* fixed */
	const char	*p;		/* the request's, or own's */
	size_t		 len;
	char		*own;		/* memory of ours, or NULL */
};

/* What a profile becomes: the files of a record, and what its event says. */
struct product {
	const char	*format;	/* format.h's words */
	struct product_file file[PRODUCT_FILES];
	size_t		 n;
	char		*decoded;	/* the body, where it was not plain */
	int64_t		 start;		/* ns since 1970 */
	int64_t		 end;
	int64_t		 time;		/* of a pprof, as it says itself: ns */
	int64_t		 duration;	/* since 1970, ns; 0: not known */
};

/* One more file: bytes that stay where they are; or a buffer's, which is empty
   then. */
void	product_lend(struct product *, const char *name, const char *p,
	    size_t len);
void	product_give(struct product *, const char *name, struct buf *own);

void	product_free(struct product *);

#endif
