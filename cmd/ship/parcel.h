#ifndef PARCEL_H
#define PARCEL_H

#include <stddef.h>
#include <stdint.h>

struct multipart_limits;
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
 * parcel_free. lookup are keys whose final tags parcel_tag can tell. NULL with
 * *why; errno 0 if the record is at fault.
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

/* Something to log (an event that is not JSON goes out as it is), or NULL. */
const char *parcel_warning(const struct parcel *);

/* The final service tag (else "unknown"), and start in ns since 1970. */
const char *parcel_service(const struct parcel *);
int64_t	parcel_start(const struct parcel *);

/* The final value of a tag in lookup, NULL where there is none. */
const char *parcel_tag(const struct parcel *, const char *key);

void	parcel_free(struct parcel *);

#endif
