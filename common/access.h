#ifndef ACCESS_H
#define ACCESS_H

#include <stdint.h>

struct conf_access;
struct tls;

/*
 * Who may talk to an address, as [http_api] or a [profile.pyroscope] says it:
 * by a certificate, a token, or as a local user.
 */
struct access;

#define ACCESS_WHY	320	/* room for what is wrong */

/* How a client comes in. */
enum access_by { ACCESS_TCP, ACCESS_TLS, ACCESS_UNIX };

/* Files are read now. NULL: why says what is wrong. */
struct access *access_new(const struct conf_access *, char why[ACCESS_WHY]);
void	access_free(struct access *);

/* Be as this section says from now on. -1: why says why it stays as it is. */
int	access_change(struct access *, const struct conf_access *,
	    char why[ACCESS_WHY]);

/* What to shake hands with, or NULL; it lasts until access_change. */
struct tls *access_tls(const struct access *);

/* May a local user come in? */
int	access_uid(const struct access *, unsigned int uid);

/*
 * Is a request in order that has these headers, either of which may be NULL?
 * authorization: "Bearer TOKEN" (RFC 6750); api_key: TOKEN, as Datadog's
 * libraries send DD-API-KEY. NULL, or what is wrong with it.
 */
const char *access_token(const struct access *, enum access_by,
	    const char *authorization, const char *api_key);

/* The files of an access that are looked at again and again. */
enum access_file { ACCESS_CERTIFICATE, ACCESS_TOKENS, ACCESS_FILES };
extern const char *const access_files[ACCESS_FILES];	/* their names */

/* Are there any? */
int	access_watched(const struct access *, enum access_file);

/*
 * If they changed read them again: 1. 0: they have not. -1: they are wrong,
 * why says it, and what was read before stays in force.
 */
int	access_renew(struct access *, enum access_file, char why[ACCESS_WHY]);

/* Was that the last answer but for 0? */
int	access_stale(const struct access *, enum access_file);

/* When the certificate expires, in unix seconds; 0: there is none. */
int64_t	access_expires(const struct access *);

#endif
