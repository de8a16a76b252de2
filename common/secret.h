#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

/*
 * Strings that must not be seen: tokens and passwords. What a destination or
 * libcurl says is cleared of them before it is logged or passed on.
 */
struct secret {
	char	**v;
	size_t	  n;
};

/* Under 4 bytes it is none: hiding it would say more than it hides. */
int	secret_add(struct secret *, const char *p, size_t len);

/*
 * "user:password" in base64, as Authorization: Basic has it; the password is
 * for secret_add. -1: ENOMEM.
 */
int	secret_add_basic(struct secret *, const char *userinfo);

/*
 * The token= of a URL's query and the password before its @, as written and
 * decoded, and both sides of the colon as secret_add_basic. -1: ENOMEM.
 */
int	secret_add_url(struct secret *, const char *url);

/*
 * Overwrite every secret in text by stars, also one of which text has only the
 * beginning, at its end, because it was cut.
 */
void	secret_hide(const struct secret *, char *text);

void	secret_free(struct secret *);

/*
 * A URL that can be shown: scheme, host, port and path, without userinfo,
 * query and fragment. Cut to size.
 */
void	secret_url(char *out, size_t size, const char *url);

#endif
