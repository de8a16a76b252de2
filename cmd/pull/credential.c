#include "credential.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "buf.h"
#include "conf.h"
#include "file.h"

#define FILE_MAX	65536	/* bytes of a file with a password or token */

/* What a file's first line says; NULL: nothing. */
static char *
first_line(const char *path)
{
	struct buf b = { 0 };
	char *line = NULL;
	size_t len;

	if (file_load(path, FILE_MAX, &b) == 0 &&
	    buf_str(&b) != NULL && (len = strcspn(b.p, "\r\n")) > 0)
		line = strndup(b.p, len);
	buf_free(&b);
	return (line);
}

static int
add_header(struct credential *c, const char *line)
{
	struct curl_slist *more = curl_slist_append(c->headers, line);
	const char *value = strchr(line, ':');

	if (more == NULL)
		return (-1);
	c->headers = more;
	if (value == NULL)
		return (0);
	value += 1 + strspn(value + 1, " \t");
	return (secret_add(&c->secrets, value, strlen(value)));
}

static int
add_bearer(struct credential *c, const char *token)
{
	struct buf line = { 0 };
	int result = -1;

	if (secret_add(&c->secrets, token, strlen(token)) == 0 &&
	    buf_addf(&line, "Authorization: Bearer %s", token) == 0 &&
	    buf_str(&line) != NULL)
		result = add_header(c, line.p);
	buf_free(&line);
	return (result);
}

/* From the files. -1 with why. */
static int
add_files(struct credential *c, const struct conf_target *t, const char **why)
{
	const char *password;
	char *token;
	int result;

	if (t->basic_auth_file != NULL) {
		*why = "basic_auth_file cannot be read, or is empty";
		if ((c->basic = first_line(t->basic_auth_file)) == NULL)
			return (-1);
		*why = "basic_auth_file has no user:password";
		if ((password = strchr(c->basic, ':')) == NULL)
			return (-1);
		*why = "out of memory";
		password++;
		if (secret_add(&c->secrets, password, strlen(password)) == -1 ||
		    secret_add_basic(&c->secrets, c->basic) == -1)
			return (-1);
	}
	if (t->bearer_token_file != NULL) {
		*why = "bearer_token_file cannot be read, or is empty";
		if ((token = first_line(t->bearer_token_file)) == NULL)
			return (-1);
		*why = "out of memory";
		result = add_bearer(c, token);
		free(token);
		if (result == -1)
			return (-1);
	}
	return (0);
}

struct credential *
credential_new(const struct conf_target *t, const char *url, const char **why)
{
	struct credential *c;
	size_t i;

	*why = "out of memory";
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	if (secret_add_url(&c->secrets, url) == -1 ||
	    (t->http_proxy != NULL &&
	    secret_add_url(&c->secrets, t->http_proxy) == -1))
		goto fail;
	for (i = 0; i < t->headers.n; i++)
		if (add_header(c, t->headers.v[i]) == -1)
			goto fail;
	if (add_files(c, t, why) == -1)
		goto fail;
	return (c);
fail:
	credential_free(c);
	return (NULL);
}

void
credential_free(struct credential *c)
{
	if (c == NULL)
		return;
	free(c->basic);
	curl_slist_free_all(c->headers);
	secret_free(&c->secrets);
	free(c);
}
