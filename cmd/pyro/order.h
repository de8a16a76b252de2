#ifndef ORDER_H
#define ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "uuid.h"

struct draft;
struct joint;
struct origin;
struct product;
struct record;
struct spool;

/* How profiles stand in a body. */
enum order_kind {
	ORDER_INGEST,		/* there is one: the body, or in a form */
	ORDER_PROTO,		/* a PushRequest, */
	ORDER_JSON,		/* as JSON, */
	ORDER_WEB,		/* in a frame of gRPC-Web, */
	ORDER_WEB_JSON,		/* and as JSON; */
	ORDER_WEB_TEXT		/* the frame in base64 */
};

/* A record, or a part that waits for others, but for its commit. */
struct made {
	struct draft	*draft;
	char		 id[UUID_TEXT];	/* of the record */
	uint64_t	 length;	/* of its body */
	const struct joint *joint;	/* NULL: it is a record */
	char		*key;		/* what parts of a set have in common */
	unsigned int	 bits;		/* which files it has: see joint.h */
};

/*
 * A request's body to be made into drafts: what there is to know is put
 * together in the loop, the rest is for a thread.
 */
struct order {
	enum order_kind	 kind;
	int		 input;		/* of ORDER_INGEST: enum input */
	struct spool	*spool;		/* NULL: nothing waits for others */
	struct draft	*body;
	struct record	*record;	/* the header of what is made of it */
	struct origin	*origin;	/* of ORDER_INGEST */
	char		*spy;		/* of the others, where they say none */
	char		*type;		/* Content-Type, or NULL */
	char		*encoding;	/* Content-Encoding, or NULL */
	char		*listener;	/* see listener.h */
	char		*tags;
	char		*own;
	int64_t		 wait;
	uint64_t	 limit;		/* bytes of a profile, inflated */
	size_t		 parts;		/* of a form */
	int64_t		 received;	/* ns since 1970 */
	/* What comes of it; or a refusal, of which status is not 0. */
	struct made	*made;
	size_t		 n;
	int		 status;
	const char	*why;		/* NULL: see cause */
	int		 cause;		/* errno behind a 503, or 0 */
};

/* In a thread: until the drafts are written. */
void	order_work(struct order *);

/* With the drafts that nobody took. */
void	order_free(struct order *);

/* For order_work: what the body of a push comes to. -1: refused. */
int	order_push(struct order *, const char *p, size_t len);

/*
 * One more draft, of the product that the origin's profile became; format is
 * what its client calls it. -1: refused.
 */
int	order_make(struct order *, const struct origin *,
	    const struct product *, const char *format);

/* Refuse it, with the status that goes with a sentence of convert's. -1. */
int	order_refuse(struct order *, int status, const char *why);

#endif
