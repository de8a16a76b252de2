#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "secret.h"

struct conf_target;
struct curl_slist;

/*
 * What a target wants to know of us before it answers: read from its files for
 * every round, since tokens are replaced while programs run.
 */
struct credential {
	char		*basic;		/* user:password, or NULL */
	struct curl_slist *headers;
	struct secret	 secrets;	/* all that must not be seen */
};

/* NULL: *why says which file is wrong, or it is ENOMEM. */
struct credential *credential_new(const struct conf_target *,
	    const char *url, const char **why);
void	credential_free(struct credential *);

#endif
