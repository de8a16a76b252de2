#include "grant_conf.h"

#include <sys/auxv.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf.h"
#include "confine.h"

#define DNS	53	/* answers that are too long for UDP */
#define SOCKS	1080	/* curl's port of a proxy that has none */

/* Files that names are resolved by, which others replace at any time; */
static const char *const resolver[] = { "/etc/resolv.conf", "/etc/hosts",
	"/etc/nsswitch.conf" };

/* others that matter little; modules of that and of TLS, and authorities. */
static const char *const libraries[] = { "/etc/host.conf", "/etc/gai.conf",
	"/etc/services", "/etc/protocols", "/etc/ld.so.cache", "/etc/ssl",
	"/etc/ca-certificates", "/etc/pki", "/usr/share/ca-certificates",
	"/usr/local/share/ca-certificates", "/usr/lib", "/usr/lib64",
	"/usr/local/lib", "/lib", "/lib64" };

/* curl reads these, if a url has no proxy of its own. */
static const char *const proxies[] = { "http_proxy", "https_proxy",
	"HTTPS_PROXY", "all_proxy", "ALL_PROXY" };

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static int
add_file(struct confine *c, const char *path)
{
	return (path == NULL ? 0 : confine_file(c, path));
}

/* The port of a url, or that of its scheme. */
static int
add_url(struct confine *c, const char *url, unsigned int otherwise)
{
	const char *host = url != NULL ? strstr(url, "://") : NULL, *at;
	unsigned int port = otherwise;
	size_t len;

	if (url == NULL || strncmp(url, "unix:", 5) == 0)
		return (0);
	if (strncasecmp(url, "https:", 6) == 0)
		port = 443;
	else if (otherwise == 0)
		port = 80;
	host = host != NULL ? host + 3 : url;
	len = strcspn(host, "/?#");
	if ((at = memrchr(host, '@', len)) != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	/* Behind an address of IPv6. */
	if (*host == '[' && (at = memchr(host, ']', len)) != NULL) {
		len -= (size_t)(at - host);
		host = at;
	}
	if ((at = memchr(host, ':', len)) != NULL)
		port = (unsigned int)strtoul(at + 1, NULL, 10);
	return (confine_port(c, port));
}

static int
add_urls(struct confine *c, const struct conf_list *urls)
{
	size_t i;

	for (i = 0; i < urls->n; i++)
		if (add_url(c, urls->v[i], 0) == -1)
			return (-1);
	return (0);
}

static int
add_libraries(struct confine *c)
{
	size_t i;

	for (i = 0; i < COUNT(libraries); i++)
		if (confine_path(c, libraries[i], CONFINE_READ) == -1)
			return (-1);
	return (0);
}

/* To resolve names and speak TLS. */
static int
add_network(struct confine *c)
{
	size_t i;

	for (i = 0; i < COUNT(resolver); i++)
		if (confine_link(c, resolver[i]) == -1)
			return (-1);
	for (i = 0; i < COUNT(proxies); i++)
		if (add_url(c, getenv(proxies[i]), SOCKS) == -1)
			return (-1);
	return (confine_port(c, DNS) == -1 ? -1 : add_libraries(c));
}

static int
add_destination(struct confine *c, const struct conf_destination *d)
{
	if (add_urls(c, &d->url) == -1 ||
	    add_url(c, d->http_proxy, SOCKS) == -1 ||
	    add_file(c, d->token_file) == -1 ||
	    add_file(c, d->ca_file) == -1 || add_file(c, d->cert_file) == -1)
		return (-1);
	return (add_file(c, d->key_file));
}

static int
add_target(struct confine *c, const struct conf_target *t)
{
	/* What it lists it may list tomorrow with another port. */
	if (t->file_sd != NULL)
		confine_any_port(c);
	if (add_url(c, t->url, 0) == -1 ||
	    add_url(c, t->http_proxy, SOCKS) == -1 ||
	    add_file(c, t->file_sd) == -1 ||
	    add_file(c, t->basic_auth_file) == -1 ||
	    add_file(c, t->bearer_token_file) == -1 ||
	    add_file(c, t->tls_ca) == -1 || add_file(c, t->tls_cert) == -1)
		return (-1);
	return (add_file(c, t->tls_key));
}

/* The lock of a shared file is made where it is not. */
static int
add_lock(struct confine *c, const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;
	char dir[PATH_MAX];

	if (slash == NULL)
		return (0);
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	return (confine_path(c, slash == path ? "/" : dir, CONFINE_READ |
	    CONFINE_WRITE | CONFINE_MAKE));
}

static int
add_election(struct confine *c, const struct conf *conf)
{
	size_t i;

	if (!conf->election || conf->election_backend == NULL)
		return (0);
	if (strcmp(conf->election_backend, "file") == 0)
		return (add_lock(c, conf->election_file));
	/* Without urls it is the dataway that is asked. */
	for (i = 0; i < conf->ndestinations; i++)
		if (conf->election_urls.n == 0 &&
		    add_destination(c, &conf->destinations[i]) == -1)
			return (-1);
	if (add_urls(c, &conf->election_urls) == -1 ||
	    add_file(c, conf->election_auth_file) == -1 ||
	    add_file(c, conf->election_ca_file) == -1 ||
	    add_file(c, conf->election_cert_file) == -1)
		return (-1);
	return (add_file(c, conf->election_key_file));
}

/* The worker is the program itself, by way of the dynamic linker. */
static int
add_worker(struct confine *c)
{
	Dl_info linker;

	if (dladdr((void *)getauxval(AT_BASE), &linker) != 0 &&
	    linker.dli_fname != NULL && confine_path(c, linker.dli_fname,
	    CONFINE_READ | CONFINE_EXEC) == -1)
		return (-1);
	return (confine_path(c, "/proc/self/exe", CONFINE_READ |
	    CONFINE_EXEC));
}

/* Of those who listen: what they read again. */
static int
add_access(struct confine *c, const struct conf_access *a)
{
	if (add_file(c, a->tls_cert_file) == -1 ||
	    add_file(c, a->tls_key_file) == -1 ||
	    add_file(c, a->tls_client_ca_file) == -1)
		return (-1);
	return (add_file(c, a->bearer_token_file));
}

/* A unix socket is removed at the end. */
static int
add_socket(struct confine *c, const char *address)
{
	const char *slash = strrchr(address, '/');
	char dir[PATH_MAX];

	if (strncmp(address, "unix:/", 6) != 0)
		return (0);
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - (address + 5)),
	    address + 5);
	return (confine_path(c, *dir == '\0' ? "/" : dir, CONFINE_REMOVE));
}

int
grant_conf_recv(struct confine *c, const struct conf *conf, const char *prog)
{
	size_t i;

	(void)prog;
	for (i = 0; i < conf->listen.n; i++)
		if (add_socket(c, conf->listen.v[i]) == -1)
			return (-1);
	return (add_access(c, &conf->access));
}

int
grant_conf_pyro(struct confine *c, const struct conf *conf, const char *prog)
{
	size_t i;

	(void)prog;
	for (i = 0; i < conf->npyroscopes; i++)
		if (add_socket(c, conf->pyroscopes[i].url) == -1 ||
		    add_access(c, &conf->pyroscopes[i].access) == -1)
			return (-1);
	return (0);
}

int
grant_conf_targets(struct confine *c, const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->ntargets; i++)
		if (add_target(c, &conf->targets[i]) == -1)
			return (-1);
	return (0);
}

int
grant_conf_pull(struct confine *c, const struct conf *conf, const char *prog)
{
	(void)prog;
	if (grant_conf_targets(c, conf) == -1)
		return (-1);
	return (add_election(c, conf) == -1 ? -1 : add_network(c));
}

int
grant_conf_metrics(struct confine *c, const struct conf *conf,
    const char *prog)
{
	(void)conf;
	(void)prog;
	return (add_libraries(c) == -1 ? -1 : add_worker(c));
}

/* Only what goes over the network needs a socket. */
int
grant_conf_ship(struct confine *c, const struct conf *conf, const char *prog)
{
	const struct conf_destination *d = conf_destination(conf, prog + 5);
	const char *path;

	if (d == NULL)
		return (0);
	/* An event that is rewritten and is large goes there. */
	if (grant_conf_tmp(c) == -1)
		return (-1);
	if (d->type != CONF_FILE_DEST) {
		confine_calls(c, CONFINE_CONNECT);
		return (add_destination(c, d) == -1 ? -1 : add_network(c));
	}
	path = d->url.n == 1 ? d->url.v[0] + strlen("file:") : "/";
	while (path[0] == '/' && path[1] == '/')
		path++;
	return (confine_watch(c, path, CONFINE_ALL));
}

int
grant_conf_tmp(struct confine *c)
{
	const char *dir = getenv("TMPDIR");

	return (confine_path(c, dir != NULL && *dir != '\0' ? dir : "/tmp",
	    CONFINE_READ | CONFINE_WRITE | CONFINE_MAKE));
}
