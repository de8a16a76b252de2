#ifndef OUTNAME_H
#define OUTNAME_H

#include <stddef.h>

/*
 * Names in the outbox, made of what clients sent: every byte but
 * [A-Za-z0-9._-] becomes %XX, as does a leading dot, and nothing is empty.
 */
#define OUTNAME_MAX	160	/* bytes of a name, with its NUL */

/* A directory's name; too long it is cut. */
void	outname_dir(char out[OUTNAME_MAX], const char *client);

/*
 * A file's name for an attachment with these first bytes: .zst, .lz4 or (JFR)
 * .gz is added where it is missing and what they are says so. Too long, it is
 * cut in the middle so that its extension stays. nth: 0, or a number put before
 * the extension of one whose name is taken.
 */
void	outname_file(char out[OUTNAME_MAX], const char *client,
	    const unsigned char *magic, size_t len, unsigned int nth);

/*
 * Does a name in an outbox look like one of ours: a day (2026-11-22), the
 * directory of a service, a profile's (095757-ID), a file of lines (ID.line)?
 * The last two put the id in id (UUID_TEXT).
 */
int	outname_is_date(const char *name);
int	outname_is_dir(const char *name);
int	outname_is_profile(const char *name, char *id);
int	outname_is_line(const char *name, char *id);

#endif
