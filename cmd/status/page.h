#ifndef PAGE_H
#define PAGE_H

struct buf;
struct problems;
struct view;

#define PAGE_WIDTH	80	/* columns at most */

/*
 * Append what is seen as a page for a person, with colours if colour. -1:
 * ENOMEM.
 */
int	page_text(struct buf *, const struct view *, const struct problems *,
	    int colour);

/* The same as one line of JSON, whose keys prof-status(8) lists. */
int	page_json(struct buf *, const struct view *, const struct problems *);

/* A problem in one line: what, since when, why; next. */
int	page_problem(struct buf *, const struct view *, const struct problems *,
	    unsigned int which);

#endif
