#ifndef PARCEL_H
#define PARCEL_H

#include <stddef.h>
#include <stdint.h>

struct multipart_limits;
struct profile;
struct record;

/*
 * What goes out for one profile record: its body, with the event part rewritten
 * or added (enrichment). Nothing but the event is held: the rest is read from
 * the record's file when asked for. A rewritten event over 64 KiB stands in a
 * nameless file in $TMPDIR.
 */
struct parcel;

struct parcel_part {
	const char	*name;		/* of the form field */
	const char	*filename;	/* as the client sent it, or NULL */
	const char	*attachment;	/* the name to list and to store it by:
					   the file name where it says something,
					   else from data[NAME], types[i] */
	uint64_t	 start;		/* of its content, in the parcel */
	uint64_t	 length;
	int		 is_event;
	int		 is_field;	/* a plain form field, no attachment */
};

/*
 * fd is the record's file and r its header (record_read): both borrowed until
 * parcel_free; limits and lookup as in profile.h. NULL with *why; errno 0 if
 * the record is at fault.
 */
struct parcel *parcel_new(int fd, const struct record *r,
	    const struct multipart_limits *, const char *const *lookup,
	    size_t nlookup, const char **why);

uint64_t parcel_length(const struct parcel *);

/* Exactly len bytes at off of the body to be sent. -1 with errno. */
int	parcel_read(const struct parcel *, uint64_t off, void *to, size_t len);

/* Parts in the order sent, the event included. */
size_t	parcel_parts(const struct parcel *);
const struct parcel_part *parcel_part(const struct parcel *, size_t i);

/* Does the body differ from what the client sent? */
int	parcel_rewritten(const struct parcel *);

/* What else is known of it. */
const struct profile *parcel_profile(const struct parcel *);

void	parcel_free(struct parcel *);

#endif
