#ifndef JFR_ROOM_H
#define JFR_ROOM_H

#include <stddef.h>

/*
 * Memory for tables whose size the recording decides, within a limit.
 * All zeros is an empty table.
 */
struct jfr_room {
	size_t		 left;	/* bytes that may still be taken */
	const char	*why;	/* set when something was refused */
};

struct jfr_table {
	void	*p;
	size_t	 n;		/* elements used */
	size_t	 cap;
	size_t	 each;		/* bytes of an element */
};

/*
 * Room for n more elements of each bytes: the first of them, which are not
 * zeroed and not counted yet. NULL: ENOMEM, or EINVAL beyond the limit; why
 * of the room says so.
 */
void	*jfr_table_reserve(struct jfr_table *, struct jfr_room *, size_t n,
	    size_t each);

/* One more element, of zeros. */
void	*jfr_table_add(struct jfr_table *, struct jfr_room *, size_t each);

/* Give the memory back. To keep it for other elements, set n to 0. */
void	jfr_table_free(struct jfr_table *, struct jfr_room *);

#endif
