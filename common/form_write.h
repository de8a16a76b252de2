#ifndef FORM_WRITE_H
#define FORM_WRITE_H

struct buf;

/*
 * A profile's body as prof-pull and prof-pyro make it (prof.7): a form with a
 * part for the event and one for each attachment, in any order. Only what
 * stands around the contents is made here, for they may be large. RFC 7578.
 */
#define FORM_WRITE_TYPE	96	/* room for the body's content type */

/*
 * The content type of the body of the record with this id, which is also its
 * boundary: nobody who made a content knew it.
 */
void	form_write_type(char out[FORM_WRITE_TYPE], const char *id);

/*
 * Append what stands in front of the event's content, or of an attachment's;
 * both end with form_write_next, and all of it with form_write_end. name is
 * ours: no quotes, no control bytes. -1: ENOMEM.
 */
int	form_write_event(struct buf *, const char *id);
int	form_write_file(struct buf *, const char *id, const char *name);
int	form_write_next(struct buf *);
int	form_write_end(struct buf *, const char *id);

#endif
