#include "token.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "buf.h"
#include "file.h"
#include "file_watch.h"

#define DIGEST	32		/* of SHA-256 */

struct tokens {
	char	*path;
	struct file_watch watch;
	unsigned char (*digests)[DIGEST];
	size_t	 n;
};

static int
digest(const char *p, size_t len, unsigned char out[DIGEST])
{
	if (EVP_Digest(p, len, out, NULL, EVP_sha256(), NULL) == 1)
		return (0);
	errno = ENOMEM;
	return (-1);
}

/* A line, blanks around it dropped; 0: nothing stands there. */
static size_t
trim(const char **p, size_t len)
{
	for (; len > 0 && strchr(" \t\r", **p) != NULL; len--)
		++*p;
	while (len > 0 && strchr(" \t\r", (*p)[len - 1]) != NULL)
		len--;
	return (len > 0 && **p == '#' ? 0 : len);
}

static const char *
token_check(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i] <= ' ' || p[i] == 0x7f)
			return ("a token holds a blank or a control byte");
	return (NULL);
}

static int
parse(const char *p, size_t len, unsigned char (*out)[DIGEST], size_t *n,
    const char **why)
{
	const char *end = p + len, *line;
	size_t size;

	for (*n = 0; p < end; p += size + 1) {
		size = (size_t)((const char *)memchr(p, '\n',
		    (size_t)(end - p)) - p);
		line = p;
		if ((len = trim(&line, size)) == 0)
			continue;
		if ((*why = token_check(line, len)) != NULL)
			return (-1);
		*why = "it has more than 1000 tokens";
		if (*n == TOKEN_MAX ||
		    digest(line, len, out[(*n)++]) == -1)
			return (-1);
	}
	*why = "no token stands in it";
	return (*n > 0 ? 0 : -1);
}

/* Read the file into t, or leave t as it is. */
static int
tokens_read(struct tokens *t, const char **why)
{
	unsigned char (*digests)[DIGEST] = NULL;
	struct buf b = { 0 };
	int result = -1;
	size_t n;

	*why = NULL;
	if (file_load(t->path, TOKEN_FILE_MAX, &b) == -1 ||
	    buf_addc(&b, '\n') == -1 ||
	    (digests = calloc(TOKEN_MAX, sizeof(*digests))) == NULL)
		goto out;
	errno = 0;
	if (parse(b.p, b.len, digests, &n, why) == -1)
		goto out;
	free(t->digests);
	t->digests = digests;
	t->n = n;
	digests = NULL;
	result = 0;
out:
	if (b.p != NULL)
		OPENSSL_cleanse(b.p, b.len);
	buf_free(&b);
	free(digests);
	return (result);
}

struct tokens *
tokens_new(const char *path, const char **why)
{
	struct tokens *t;

	*why = NULL;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	if ((t->path = strdup(path)) == NULL) {
		free(t);
		return (NULL);
	}
	t->watch.paths[0] = t->path;
	file_watch_begin(&t->watch);
	if (tokens_read(t, why) == 0)
		return (t);
	tokens_free(t);
	return (NULL);
}

void
tokens_free(struct tokens *t)
{
	if (t == NULL)
		return;
	free(t->digests);
	free(t->path);
	free(t);
}

int
tokens_renew(struct tokens *t, const char **why)
{
	if (!file_watch_look(&t->watch))
		return (0);
	return (tokens_read(t, why) == -1 ? -1 : 1);
}

int
tokens_match(const struct tokens *t, const char *p, size_t len)
{
	unsigned char shown[DIGEST];
	int found = 0;
	size_t i;

	if (digest(p, len, shown) == -1)
		return (0);
	for (i = 0; i < t->n; i++)
		found |= CRYPTO_memcmp(shown, t->digests[i], DIGEST) == 0;
	return (found);
}
