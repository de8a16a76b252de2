#ifndef FORM_H
#define FORM_H

#include <stddef.h>
#include <stdint.h>

struct multipart_limits;

/*
 * A profile where it stands: the body is read as it is needed, never held, and
 * what the record says beside it is asked for.
 */
struct form_source {
	const char	*content_type;	/* of the body; may be NULL */
	const char	*received;	/* RFC 3339 */
	uint64_t	 length;	/* of the body */
	/* Exactly len bytes at off of the body. -1 with errno. */
	int		(*read)(void *arg, uint64_t off, void *p, size_t len);
	/* The next "tag", "global-tag" or "header" line after *at, or NULL. */
	const char	*(*line)(void *arg, const char *name, size_t *at);
	void		*arg;
};

/* What a part of a profile's body is. */
enum form_kind {
	FORM_ATTACHMENT,
	FORM_EVENT,		/* named event, event.json, or such a file */
	FORM_TAGS,		/* tags[] */
	FORM_INDEX,		/* types[...]: says what data[...] is */
	FORM_FIELD		/* any other plain field */
};

struct form_part {
	enum form_kind	 kind;
	char		*name;		/* "": none */
	char		*filename;	/* NULL: none */
	char		*attachment;	/* the name to go by (form_name.c);
					   NULL: it is none */
	uint64_t	 start;		/* of its content, in the body */
	uint64_t	 length;
	uint64_t	 length_at;	/* Content-Length: as in multipart.h */
	size_t		 length_digits;
};

/* A profile's body, which stays where it is, and what it is made of. */
struct form {
	struct form_source source;
	struct form_part *part;
	size_t		 n;
	size_t		 event;		/* the part that counts; n: none */
	int		 tagged;	/* there is a tags[] */
	char		*boundary;
	uint64_t	 close;		/* as multipart_close */
};

/*
 * Read the parts; the source's arg stays borrowed. -1 with *why; errno 0 where
 * the body is at fault. Of several event parts the first named event counts,
 * else the first named event.json, else the first with that file name; the
 * others stay as they are and are no attachments. form_clear in either case.
 */
int	form_read(struct form *, const struct form_source *,
	    const struct multipart_limits *, const char **why);
void	form_clear(struct form *);

/* Hand on len bytes at off of the body, in pieces. -1 with errno, or on_piece
   said so. */
int	form_pass(const struct form *, uint64_t off, uint64_t len,
	    int (*on_piece)(const char *p, size_t len, void *arg), void *arg);

/* Name the attachments. -1: ENOMEM, or the disk. */
int	form_name(struct form *);

#endif
