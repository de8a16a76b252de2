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

#endif
