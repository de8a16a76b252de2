#include "access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf.h"
#include "tls.h"
#include "token.h"

struct access {
	struct tls	*tls;		/* NULL: no certificate */
	struct tokens	*tokens;	/* NULL: none are asked for */
	int		 token_for;	/* enum conf_token_for */
	unsigned int	*uids;
	size_t		 nuids;		/* 0: anybody */
	int		 stale[ACCESS_FILES];
};

const char *const access_files[ACCESS_FILES] = { "certificate", "tokens" };

static void
tokens_why(char why[ACCESS_WHY], const char *said)
{
	snprintf(why, ACCESS_WHY, "bearer_token_file: %s",
	    said != NULL ? said : strerror(errno));
}

static int
uids_read(struct access *a, const struct conf_list *uids)
{
	a->uids = calloc(uids->n + 1, sizeof(*a->uids));
	if (a->uids == NULL)
		return (-1);
	for (; a->nuids < uids->n; a->nuids++)
		a->uids[a->nuids] = (unsigned int)strtoul(
		    uids->v[a->nuids], NULL, 10);
	return (0);
}

struct access *
access_new(const struct conf_access *conf, char why[ACCESS_WHY])
{
	struct tls_files files = { conf->tls_cert_file, conf->tls_key_file,
	    conf->tls_client_ca_file, conf->tls_min_version == CONF_TLS_1_3 };
	struct access *a;
	const char *said;

	snprintf(why, ACCESS_WHY, "out of memory");
	if ((a = calloc(1, sizeof(*a))) == NULL)
		return (NULL);
	a->token_for = conf->bearer_token_for;
	if (uids_read(a, &conf->allowed_uids) == -1)
		goto fail;
	if (files.cert != NULL && (a->tls = tls_new(&files, why)) == NULL)
		goto fail;
	if (conf->bearer_token_file != NULL && (a->tokens =
	    tokens_new(conf->bearer_token_file, &said)) == NULL) {
		tokens_why(why, said);
		goto fail;
	}
	return (a);
fail:
	access_free(a);
	return (NULL);
}

/* What it holds. */
static void
access_clear(struct access *a)
{
	tls_free(a->tls);
	tokens_free(a->tokens);
	free(a->uids);
}

void
access_free(struct access *a)
{
	if (a == NULL)
		return;
	access_clear(a);
	free(a);
}

int
access_change(struct access *a, const struct conf_access *conf,
    char why[ACCESS_WHY])
{
	struct access *new;

	if ((new = access_new(conf, why)) == NULL)
		return (-1);
	access_clear(a);
	*a = *new;
	free(new);
	return (0);
}

struct tls *
access_tls(const struct access *a)
{
	return (a->tls);
}

int
access_uid(const struct access *a, unsigned int uid)
{
	size_t i;

	for (i = 0; i < a->nuids; i++)
		if (a->uids[i] == uid)
			return (1);
	return (a->nuids == 0);
}

/* Does whoever comes in so need one? */
static int
token_wanted(const struct access *a, enum access_by by)
{
	if (a->tokens == NULL)
		return (0);
	switch (a->token_for) {
	case CONF_TOKEN_ALL:
		return (1);
	case CONF_TOKEN_HTTPS:
		return (by == ACCESS_TLS);
	default:
		return (by != ACCESS_UNIX);
	}
}

const char *
access_token(const struct access *a, enum access_by by,
    const char *authorization, const char *api_key)
{
	static const char scheme[] = "bearer ";
	const char *shown = api_key;

	if (!token_wanted(a, by))
		return (NULL);
	if (authorization != NULL && strncasecmp(authorization, scheme,
	    sizeof(scheme) - 1) == 0) {
		shown = authorization + sizeof(scheme) - 1;
		shown += strspn(shown, " ");
	}
	if (shown == NULL)
		return ("no bearer token was sent");
	return (tokens_match(a->tokens, shown, strlen(shown)) ? NULL :
	    "the bearer token is not one of ours");
}

int
access_watched(const struct access *a, enum access_file file)
{
	return (file == ACCESS_CERTIFICATE ? a->tls != NULL :
	    a->tokens != NULL);
}

int
access_renew(struct access *a, enum access_file file, char why[ACCESS_WHY])
{
	const char *said;
	int result;

	if (!access_watched(a, file))
		return (0);
	if (file == ACCESS_CERTIFICATE)
		result = tls_renew(a->tls, why);
	else if ((result = tokens_renew(a->tokens, &said)) == -1)
		tokens_why(why, said);
	if (result != 0)
		a->stale[file] = result == -1;
	return (result);
}

int
access_stale(const struct access *a, enum access_file file)
{
	return (a->stale[file]);
}

int64_t
access_expires(const struct access *a)
{
	return (a->tls != NULL ? tls_expires(a->tls) : 0);
}
