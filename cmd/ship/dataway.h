#ifndef DATAWAY_H
#define DATAWAY_H

#include <stddef.h>

struct cargo;
struct conf_destination;
struct curl_slist;
struct record;
struct secret;

/*
 * What a request to a Dataway is (DataKit, internal/plugins/inputs/profile/
 * input.go, sendRequestToDW). Several URLs stand in for each other: the one
 * that answered last is used until it fails, then the next in order.
 */
struct dataway;

/*
 * d is borrowed until dataway_free. Reads token_file. Tokens and passwords are
 * added to secrets. NULL: *why says what is wrong with the configuration.
 */
struct dataway *dataway_new(const struct conf_destination *d,
	    struct secret *secrets, const char **why);
void	dataway_free(struct dataway *);

/*
 * If token_file has changed, which is looked at once a second, read it again:
 * 1. 0: it has not. -1: *why says what is wrong with it, and the token read
 * before stays.
 */
int	dataway_renew(struct dataway *, struct secret *secrets,
	    const char **why);

/* Was that the last answer but for 0? */
int	dataway_stale(const struct dataway *);

/* How many URLs there are, and which is used. */
size_t	dataway_urls(const struct dataway *);
size_t	dataway_current(const struct dataway *);

/* URL number i failed. If it is the current one the next becomes that. */
void	dataway_failed(struct dataway *, size_t i);

/* Where a record goes by URL number i: to be freed. NULL: ENOMEM. */
char	*dataway_url(const struct dataway *, size_t i, const struct record *);

/* The headers of that request: for curl_slist_free_all. NULL with errno. */
struct curl_slist *dataway_headers(const struct dataway *,
	    const struct cargo *);

#endif
