#include "tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>

#include "file_watch.h"

#define RESUMED	3600L		/* seconds that a ticket is good for */

enum { CERT, KEY, CLIENT_CA };

struct tls {
	char	*paths[FILE_WATCH_MAX];
	int	 only_13;
	struct file_watch watch;
	SSL_CTX	*ctx;
};

const char *const tls_ends[TLS_ENDS] = { "gone", "late", "http",
    "certificate", "protocol" };

/* What OpenSSL says is wrong, behind what we were about. */
static void
why_ssl(char why[TLS_WHY], const char *what, const char *path)
{
	unsigned long error = ERR_get_error();
	const char *reason = ERR_reason_error_string(error);

	/* A system's error has no reason of OpenSSL's. */
	if (ERR_SYSTEM_ERROR(error))
		reason = strerror(ERR_GET_REASON(error));
	snprintf(why, TLS_WHY, "%s %s: %s", what, path,
	    reason != NULL ? reason : "cannot be used");
	ERR_clear_error();
}

/* Nobody is there to be asked for one. */
static int
on_passphrase(char *p, int size, int writing, void *arg)
{
	(void)p;
	(void)size;
	(void)writing;
	(void)arg;
	return (0);
}

/* RFC 7301: whoever offers protocols, but not ours, is told so. */
static int
on_alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen,
    const unsigned char *in, unsigned int inlen, void *arg)
{
	static const char ours[] = "http/1.1";
	unsigned int i;

	(void)ssl;
	(void)arg;
	for (i = 0; i < inlen; i += in[i] + 1U)
		if (in[i] == sizeof(ours) - 1 && i + in[i] < inlen &&
		    memcmp(in + i + 1, ours, in[i]) == 0) {
			*out = in + i + 1;
			*outlen = in[i];
			return (SSL_TLSEXT_ERR_OK);
		}
	return (SSL_TLSEXT_ERR_ALERT_FATAL);
}

static void
ctx_set(SSL_CTX *ctx, int only_13)
{
	SSL_CTX_set_min_proto_version(ctx, only_13 ? TLS1_3_VERSION :
	    TLS1_2_VERSION);
	/*
	 * HTTP itself says where a body ends, so an end without a goodbye is
	 * an end like that of a plain connection.
	 */
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION |
	    SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
	    SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
	/* An idle connection holds no buffers of records. */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS |
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(ctx, RESUMED);
	SSL_CTX_set_num_tickets(ctx, 1);
	SSL_CTX_set_default_passwd_cb(ctx, on_passphrase);
	SSL_CTX_set_alpn_select_cb(ctx, on_alpn, NULL);
}

static int
ctx_own(SSL_CTX *ctx, char *const *paths, char why[TLS_WHY])
{
	if (SSL_CTX_use_certificate_chain_file(ctx, paths[CERT]) != 1)
		why_ssl(why, "the certificate", paths[CERT]);
	else if (SSL_CTX_use_PrivateKey_file(ctx, paths[KEY],
	    SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(ctx) != 1)
		why_ssl(why, "the key", paths[KEY]);
	else
		return (0);
	return (-1);
}

/* Without a context for sessions those of verified clients do not resume. */
static int
ctx_clients(SSL_CTX *ctx, const char *path, char why[TLS_WHY])
{
	static const unsigned char context[] = "prof";
	STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(path);

	if (names == NULL || SSL_CTX_load_verify_file(ctx, path) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		why_ssl(why, "the clients' authorities", path);
		return (-1);
	}
	SSL_CTX_set_client_CA_list(ctx, names);
	SSL_CTX_set_session_id_context(ctx, context, sizeof(context) - 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER |
	    SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	return (0);
}

/* What the files say, now. */
static SSL_CTX *
ctx_new(const struct tls *t, char why[TLS_WHY])
{
	SSL_CTX *ctx;

	ERR_clear_error();
	if ((ctx = SSL_CTX_new(TLS_server_method())) == NULL) {
		why_ssl(why, "TLS", "");
		return (NULL);
	}
	ctx_set(ctx, t->only_13);
	if ((t->paths[CERT] == NULL || ctx_own(ctx, t->paths, why) == 0) &&
	    (t->paths[CLIENT_CA] == NULL ||
	    ctx_clients(ctx, t->paths[CLIENT_CA], why) == 0))
		return (ctx);
	SSL_CTX_free(ctx);
	return (NULL);
}

static int
path_copy(struct tls *t, int i, const char *path)
{
	if (path != NULL && (t->paths[i] = strdup(path)) == NULL)
		return (-1);
	t->watch.paths[i] = t->paths[i];
	return (0);
}

struct tls *
tls_new(const struct tls_files *files, char why[TLS_WHY])
{
	struct tls *t;

	snprintf(why, TLS_WHY, "out of memory");
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	t->only_13 = files->only_13;
	if (path_copy(t, CERT, files->cert) == -1 ||
	    path_copy(t, KEY, files->key) == -1 ||
	    path_copy(t, CLIENT_CA, files->client_ca) == -1)
		goto fail;
	file_watch_begin(&t->watch);
	if ((t->ctx = ctx_new(t, why)) != NULL)
		return (t);
fail:
	tls_free(t);
	return (NULL);
}

void
tls_free(struct tls *t)
{
	int i;

	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	for (i = 0; i < FILE_WATCH_MAX; i++)
		free(t->paths[i]);
	free(t);
}

int
tls_renew(struct tls *t, char why[TLS_WHY])
{
	SSL_CTX *ctx;

	if (!file_watch_look(&t->watch))
		return (0);
	if ((ctx = ctx_new(t, why)) == NULL)
		return (-1);
	/* Connections hold on to the one they began with. */
	SSL_CTX_free(t->ctx);
	t->ctx = ctx;
	return (1);
}

int64_t
tls_expires(const struct tls *t)
{
	const X509 *cert = SSL_CTX_get0_certificate(t->ctx);
	struct tm tm;

	if (cert == NULL || ASN1_TIME_to_tm(X509_get0_notAfter(cert),
	    &tm) != 1)
		return (0);
	return ((int64_t)timegm(&tm));
}

struct bufferevent *
tls_accept(struct tls *t, struct event_base *base, int fd)
{
	SSL *ssl;

	if ((ssl = SSL_new(t->ctx)) == NULL) {
		ERR_clear_error();
		errno = ENOMEM;
		return (NULL);
	}
	return (bufferevent_openssl_socket_new(base, fd, ssl,
	    BUFFEREVENT_SSL_ACCEPTING,
	    BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS));
}

/* Is it the client's certificate that OpenSSL speaks of? */
static int
about_certificate(int reason)
{
	switch (reason) {
	case SSL_R_CERTIFICATE_VERIFY_FAILED:
	case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
	case SSL_R_BAD_SIGNATURE:
		return (1);
	default:
		return (0);
	}
}

enum tls_end
tls_failed(struct bufferevent *bev, char why[TLS_WHY])
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);
	unsigned long error, first = 0;
	long verified = SSL_get_verify_result(ssl);
	const char *text;

	/* Beside OpenSSL's own there is what its SSL_get_error said. */
	while ((error = bufferevent_get_openssl_error(bev)) != 0)
		if (ERR_GET_LIB(error) == ERR_LIB_SSL)
			first = error;
	if (first == 0) {
		snprintf(why, TLS_WHY, "the client left in the handshake");
		return (TLS_GONE);
	}
	if (ERR_GET_REASON(first) == SSL_R_HTTP_REQUEST) {
		snprintf(why, TLS_WHY, "this is HTTP, and the address takes "
		    "HTTPS");
		return (TLS_HTTP);
	}
	if (verified != X509_V_OK) {
		snprintf(why, TLS_WHY, "the client's certificate: %s",
		    X509_verify_cert_error_string(verified));
		return (TLS_CERTIFICATE);
	}
	text = ERR_reason_error_string(first);
	snprintf(why, TLS_WHY, "%s", text != NULL ? text : "no TLS");
	return (about_certificate(ERR_GET_REASON(first)) ? TLS_CERTIFICATE :
	    TLS_PROTOCOL);
}

void
tls_close(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);

	if (SSL_is_init_finished(ssl))
		(void)SSL_shutdown(ssl);
	/* What it may leave there is not of the next connection. */
	ERR_clear_error();
}
