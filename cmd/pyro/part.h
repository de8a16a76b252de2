#ifndef PART_H
#define PART_H

#include <stddef.h>
#include <stdint.h>

struct draft;
struct event_write;
struct joint;
struct keep;
struct product;
struct record;

/*
 * A part of a set, as it waits in keep/pyro: a record's header, with what its
 * client said beside the profile, and as the body a line of JSON,
 *
 *	{"key":"...","spy":"gospy","lengths":[1744],"event":{...}}
 *
 * with the event that it would have alone, and behind it the attachments that
 * the event names, of these lengths.
 */

/* Write the body. -1 with errno. */
int	part_write(struct draft *, const char *key, const char *spy,
	    const struct event_write *, const struct product *);

struct part_file {
	const char	*name;
	uint64_t	 off;		/* in the file */
	uint64_t	 len;
};

struct part {
	int		 fd;
	struct record	*record;
	const char	*key;
	const char	*spy;
	const char	*format;	/* these of its event */
	const char	*language;
	const char	*tags;
	const char	*own;
	int64_t		 start;
	int64_t		 end;
	struct part_file *file;
	size_t		 n;
	void		*says;		/* what the texts point into */
};

/*
 * Open one, its checksum compared. NULL: *why; errno is 0 where the part is at
 * fault.
 */
struct part *part_open(const struct keep *, const char *name,
	    const char **why);
void	part_close(struct part *);

/* Its files as a joint's bits; 0: it has one that is none of them. */
unsigned int part_bits(const struct part *, const struct joint *);

#endif
