#ifndef FORM_H
#define FORM_H

#include <stddef.h>
#include <stdint.h>

struct multipart_limits;
struct record;

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

/* A profile's body, which stays in the record's file, and what it is made of. */
struct form {
	int		 fd;
	uint64_t	 at;		/* of the body, in the file */
	uint64_t	 length;
	struct form_part *part;
	size_t		 n;
	size_t		 event;		/* the part that counts; n: none */
	int		 tagged;	/* there is a tags[] */
	char		*boundary;
	uint64_t	 close;		/* as multipart_close */
};

/*
 * Read the parts of the record in fd. -1 with *why; errno 0 where the record
 * is at fault. Of several event parts the first named event counts, else the
 * first named event.json, else the first with that file name; the others stay
 * as they are and are no attachments. form_clear in either case.
 */
int	form_read(struct form *, int fd, const struct record *,
	    const struct multipart_limits *, const char **why);
void	form_clear(struct form *);

/* Hand on len bytes at off of the body, in pieces. -1 with errno, or on_piece
   said so. */
int	form_pass(const struct form *, uint64_t off, uint64_t len,
	    int (*on_piece)(const char *p, size_t len, void *arg), void *arg);

/* Name the attachments. -1: ENOMEM, or the disk. */
int	form_name(struct form *);

#endif
