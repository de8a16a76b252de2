#ifndef PACK_H
#define PACK_H

struct draft;
struct event_write;
struct product;

/*
 * Write the body of the record with this id: a form of the event, whose
 * attachments are the product's files, and of them. -1 with errno.
 */
int	pack(struct draft *, const char *id, const struct event_write *,
	    const struct product *);

#endif
