#ifndef CARGO_H
#define CARGO_H

#include <stddef.h>
#include <stdint.h>

struct answer;
struct conf;
struct conf_destination;
struct parcel;
struct profile;
struct record;

/* A record, opened and checked, and the bytes of it that go out. */
struct cargo {
	int		 fd;
	struct record	*record;
	struct parcel	*parcel;	/* NULL: not a profile */
	const struct profile *profile;	/* the parcel's */
	char		**keys;		/* of tags, for the sinker */
	size_t		 nkeys;
};

/*
 * Open path, or where it is NULL take over fd; read the record, check its crc,
 * make its parcel. id (UUID_TEXT) is what the record's must be, or empty and
 * then set. Blocks. NULL: a says why; a path that is gone comes back.
 */
struct cargo *cargo_open(const char *path, int fd, char *id,
	    const struct conf *, const struct conf_destination *,
	    struct answer *a);
void	cargo_free(struct cargo *);

/* Of what goes out: the parcel, or the body as it is. */
uint64_t cargo_length(const struct cargo *);

/* Exactly len bytes of it at off; cargo is a struct cargo. -1 with errno. */
int	cargo_read(void *cargo, uint64_t off, void *p, size_t len);

#endif
