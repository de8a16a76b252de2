#include "multi_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "buf.h"
#include "file.h"
#include "tls.h"
#include "when.h"

#define FILE_MAX	((size_t)4 << 20)	/* bytes of one */

enum { CA, CERT, KEY, FILES };

struct multi_files {
	char	*paths[FILES];
	struct buf bytes[FILES];	/* as read when they were good */
	struct tls *tls;		/* they were good, and are watched */
	int64_t	 looked;		/* when_mono */
	int	 stale;
};

static int
same(const char *a, const char *b)
{
	return (a == NULL || b == NULL ? a == b : strcmp(a, b) == 0);
}

static void
clear(struct buf bytes[FILES])
{
	int i;

	for (i = 0; i < FILES; i++) {
		if (bytes[i].p != NULL)
			OPENSSL_cleanse(bytes[i].p, bytes[i].len);
		buf_free(&bytes[i]);
	}
}

/* All of them, or -1 and nothing has changed. */
static int
files_read(struct multi_files *f, char why[MULTI_FILES_WHY])
{
	struct buf bytes[FILES] = { { 0 } };
	int i;

	for (i = 0; i < FILES; i++)
		if (f->paths[i] != NULL && file_load(f->paths[i], FILE_MAX,
		    &bytes[i]) == -1) {
			snprintf(why, MULTI_FILES_WHY, "%s: %s", f->paths[i],
			    strerror(errno));
			clear(bytes);
			return (-1);
		}
	clear(f->bytes);
	memcpy(f->bytes, bytes, sizeof(bytes));
	return (0);
}

struct multi_files *
multi_files_new(const char *ca, const char *cert, const char *key)
{
	const char *paths[FILES] = { ca, cert, key };
	struct multi_files *f;
	int i;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		return (NULL);
	for (i = 0; i < FILES; i++)
		if (paths[i] != NULL &&
		    (f->paths[i] = strdup(paths[i])) == NULL) {
			multi_files_free(f);
			return (NULL);
		}
	return (f);
}

void
multi_files_free(struct multi_files *f)
{
	int i;

	if (f == NULL)
		return;
	clear(f->bytes);
	tls_free(f->tls);
	for (i = 0; i < FILES; i++)
		free(f->paths[i]);
	free(f);
}

int
multi_files_are(const struct multi_files *f, const char *ca, const char *cert,
    const char *key)
{
	return (same(f->paths[CA], ca) && same(f->paths[CERT], cert) &&
	    same(f->paths[KEY], key));
}

/* As a server's files would be: they are of the same make. */
static int
files_check(struct multi_files *f, char why[MULTI_FILES_WHY])
{
	struct tls_files files = { f->paths[CERT], f->paths[KEY],
	    f->paths[CA], 0 };

	_Static_assert(TLS_WHY <= MULTI_FILES_WHY, "why has room");
	if (f->tls != NULL)
		return (tls_renew(f->tls, why));
	/* libcurl looks for a key in the certificate's file. */
	if (files.key == NULL)
		files.key = files.cert;
	return ((f->tls = tls_new(&files, why)) != NULL ? 1 : -1);
}

int
multi_files_renew(struct multi_files *f, char why[MULTI_FILES_WHY])
{
	int64_t now = when_mono();
	int result, was = f->stale, first = f->tls == NULL;

	if (f->looked != 0 && now - f->looked < WHEN_SECOND)
		return (0);
	f->looked = now;
	if ((result = files_check(f, why)) == 1 && files_read(f, why) == -1)
		result = -1;
	if (result == 0)
		return (0);
	f->stale = result == -1;
	/* What was never good is said once; that it is good at first, never. */
	return (first && (f->stale ? was : !was) ? 0 : result);
}

int
multi_files_stale(const struct multi_files *f)
{
	return (f->stale);
}

static int
use(CURL *e, CURLoption blob, CURLoption name, const struct buf *b,
    const char *path)
{
	struct curl_blob given = { b->p, b->len, CURL_BLOB_COPY };

	if (path == NULL)
		return (0);
	return (curl_easy_setopt(e, b->len > 0 ? blob : name,
	    b->len > 0 ? (const void *)&given : path) == CURLE_OK ? 0 : -1);
}

int
multi_files_use(const struct multi_files *f, CURL *e)
{
	/* They and no others. */
	if (f->paths[CA] != NULL)
		curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (use(e, CURLOPT_CAINFO_BLOB, CURLOPT_CAINFO, &f->bytes[CA],
	    f->paths[CA]) == -1 ||
	    use(e, CURLOPT_SSLCERT_BLOB, CURLOPT_SSLCERT, &f->bytes[CERT],
	    f->paths[CERT]) == -1)
		return (-1);
	if (f->paths[KEY] == NULL)
		return (use(e, CURLOPT_SSLKEY_BLOB, CURLOPT_SSLKEY,
		    &f->bytes[CERT], f->paths[CERT]));
	return (use(e, CURLOPT_SSLKEY_BLOB, CURLOPT_SSLKEY, &f->bytes[KEY],
	    f->paths[KEY]));
}
