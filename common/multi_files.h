#ifndef MULTI_FILES_H
#define MULTI_FILES_H

#include <curl/curl.h>

/*
 * The PEM files that transfers to a peer need, held in memory: authorities, our
 * certificate and its key. libcurl reads files for each connection, or keeps
 * authorities for a day; so a file that is being replaced would be an error, or
 * never be seen. Private to multi.
 */
struct multi_files;

#define MULTI_FILES_WHY	256

/* Any may be NULL; the names are copied. NULL: ENOMEM. */
struct multi_files *multi_files_new(const char *ca, const char *cert,
	    const char *key);
void	multi_files_free(struct multi_files *);

/* Are these the ones? */
int	multi_files_are(const struct multi_files *, const char *ca,
	    const char *cert, const char *key);

/*
 * If they changed, which is looked at once a second, read them again: 1. 0:
 * they have not. -1: something is wrong with them, and what was read before
 * stays.
 */
int	multi_files_renew(struct multi_files *, char why[MULTI_FILES_WHY]);

/* Was that the last answer but for 0? */
int	multi_files_stale(const struct multi_files *);

/* Let a transfer use them; by name, if they could never be read. -1: ENOMEM. */
int	multi_files_use(const struct multi_files *, CURL *);

#endif
