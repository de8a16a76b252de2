#ifndef SHEET_H
#define SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

struct limits;
struct line;
struct pprof_limits;
struct pprof_sums;
struct report;

/*
 * A profile while its numbers are worked out: what is there to read, and the
 * fields so far. A language (language.h) reads files and adds fields.
 */
#define SHEET_FIELDS	64	/* of a line, at most */
#define SHEET_FIELD	64	/* room for a field's name */

/* An attachment. */
struct sheet_file {
	const char	*part;		/* the form field's name */
	const char	*name;		/* the name it goes by (form.h) */
	const char	*p;		/* as it was sent */
	size_t		 len;
	enum { SHEET_UNREAD, SHEET_READ, SHEET_USELESS } state;
	struct buf	 inflated;	/* unless it was sent plain */
};

struct sheet {
	const struct limits *limits;
	int64_t		 start;		/* of the profile; ns since 1970 */
	int64_t		 end;
	struct sheet_file *files;
	size_t		 nfiles;
	struct line	*line;		/* where the fields go */
	struct report	*report;	/* where notes go */
	uint64_t	 inflated;	/* bytes, of all files */
	char		 fields[SHEET_FIELDS][SHEET_FIELD];
	size_t		 nfields;
};

/* Free what the files hold. */
void	sheet_clear(struct sheet *);

/* Seconds from start to end; 0 where they make no sense. */
double	sheet_seconds(const struct sheet *);

/*
 * Add a field, unless there is one of that name. A field has one type for
 * ever; a float that is not finite is none.
 */
void	sheet_int(struct sheet *, const char *field, int64_t);
void	sheet_float(struct sheet *, const char *field, double);
int	sheet_has(const struct sheet *, const char *field);

/*
 * The same of a quantity a second, and of processor time (ns) as a share of
 * the profile's; nothing where start and end make no sense.
 */
void	sheet_rate(struct sheet *, const char *field, double total);
void	sheet_cores(struct sheet *, const char *field, int64_t ns);

/* Is one of its names just that, in any case? */
int	sheet_called(const struct sheet_file *, const char *name);

/*
 * What a file inflates to; stays the sheet's. -1: noted why, and at the second
 * time not again.
 */
int	sheet_read(struct sheet *, struct sheet_file *, const char **p,
	    size_t *len);

/*
 * Is it a pprof file, or a recording (JFR), by its name, else by its first
 * bytes? Reads it only if that may be. What nothing tells may be a pprof.
 */
int	sheet_is_pprof(struct sheet *, struct sheet_file *);
int	sheet_is_jfr(struct sheet *, struct sheet_file *);

/* What a pprof of this sheet may hold. */
void	sheet_pprof(const struct sheet *, struct pprof_limits *);

/* The sums of a pprof. -1: noted why. */
int	sheet_sums(struct sheet *, struct sheet_file *, struct pprof_sums *);

/* Say what is wrong in a file; or that it cannot be used, and do not again. */
void	sheet_note(struct sheet *, const struct sheet_file *, const char *why);
void	sheet_useless(struct sheet *, struct sheet_file *, const char *why);

#endif
