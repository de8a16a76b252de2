#include "station_door.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "buf.h"
#include "expose.h"
#include "httpd.h"
#include "intake_answer.h"
#include "log.h"
#include "tls.h"

/* Who has no token may ask whether the program is well, and no more. */
#define OPEN_PATH	"/healthz"
#define NAME		64		/* room for a figure's */

struct door {
	const struct conf_access *section;	/* that it was made of */
	struct access	*access;
	int		 own;		/* or it is another one's before */
};

struct station_doors {
	struct door	*v;
	unsigned int	 n;
};

struct station_doors *
station_doors_new(void)
{
	return (calloc(1, sizeof(struct station_doors)));
}

void
station_doors_free(struct station_doors *doors)
{
	unsigned int i;

	if (doors == NULL)
		return;
	for (i = 0; i < doors->n; i++)
		if (doors->v[i].own)
			access_free(doors->v[i].access);
	free(doors->v);
	free(doors);
}

struct access *
station_doors_add(struct station_doors *doors,
    const struct conf_access *section)
{
	char why[ACCESS_WHY] = "out of memory";
	struct door *v, *d;
	unsigned int i;

	if ((v = realloc(doors->v, (doors->n + 1) * sizeof(*v))) == NULL)
		goto fail;
	doors->v = v;
	d = &v[doors->n];
	memset(d, 0, sizeof(*d));
	d->section = section;
	for (i = 0; i < doors->n && d->access == NULL; i++)
		if (v[i].section == section)
			d->access = v[i].access;
	if (d->access == NULL) {
		if ((d->access = access_new(section, why)) == NULL)
			goto fail;
		d->own = 1;
	}
	doors->n++;
	return (d->access);
fail:
	log_err(NULL, "cannot listen", "error=%s", log_quote(why));
	return (NULL);
}

void
station_doors_change(struct station_doors *doors,
    const struct conf_access *(*section)(void *arg, unsigned int), void *arg)
{
	char why[ACCESS_WHY];
	struct door *d;
	unsigned int i;

	for (i = 0; i < doors->n; i++) {
		d = &doors->v[i];
		d->section = section(arg, i);
		if (d->own && access_change(d->access, d->section, why) == -1)
			log_err(NULL, "access not changed",
			    "in_force=old reason=%s", log_quote(why));
	}
}

int
station_doors_refuse(const struct station_doors *doors,
    struct httpd_request *request, struct intake_tally *tally)
{
	const char *why;

	if (strcmp(httpd_path(request), OPEN_PATH) == 0)
		return (0);
	why = access_token(doors->v[httpd_door(request)].access,
	    (enum access_by)httpd_by(request),
	    httpd_header(request, "authorization"),
	    httpd_header(request, "dd-api-key"));
	if (why == NULL)
		return (0);
	log_warn(NULL, "request refused", "remote=%s status=401 reason=%s",
	    httpd_remote(request), log_quote(why));
	intake_answer_token(request, tally, why);
	return (1);
}

/* Who only looks whether the port is open is none to warn of. */
void
station_doors_handshake(const char *remote, int end, const char *why,
    void *arg)
{
	(void)arg;
	if (end == TLS_GONE)
		log_debug(NULL, "handshake not finished", "remote=%s "
		    "reason=%s", remote, log_quote(why));
	else
		log_warn(NULL, "handshake failed", "remote=%s class=%s "
		    "reason=%s", remote, tls_ends[end], log_quote(why));
}

static void
door_renew(struct access *a, enum access_file file)
{
	char why[ACCESS_WHY];

	switch (access_renew(a, file, why)) {
	case 1:
		log_info(NULL, "access files read again", "files=%s",
		    access_files[file]);
		break;
	case -1:
		log_err(NULL, "access files not taken",
		    "files=%s in_force=old reason=%s", access_files[file],
		    log_quote(why));
		break;
	default:
		break;
	}
}

void
station_doors_renew(struct station_doors *doors)
{
	unsigned int i;
	int file;

	for (i = 0; i < doors->n; i++)
		for (file = 0; doors->v[i].own && file < ACCESS_FILES; file++)
			door_renew(doors->v[i].access,
			    (enum access_file)file);
}

/* One sample: {address="...",files="..."}. */
static int
print_sample(struct buf *b, const char *name, const char *address,
    const char *files, int64_t value)
{
	if (buf_addf(b, "%s{address=\"", name) == -1 ||
	    expose_label(b, address) == -1 || (files != NULL &&
	    buf_addf(b, "\",files=\"%s", files) == -1))
		return (-1);
	return (buf_addf(b, "\"} %" PRId64 "\n", value));
}

static int
print_files(const struct station_doors *doors, const char *prog,
    char *const *addresses, struct buf *b)
{
	char name[NAME];
	unsigned int i;
	int file;

	snprintf(name, sizeof(name), "prof_%s_access_files_stale", prog);
	if (expose_type(b, name, "gauge", "Files changed, and not taken: "
	    "what was read before is in force.") == -1)
		return (-1);
	for (i = 0; i < doors->n; i++)
		for (file = 0; file < ACCESS_FILES; file++)
			if (access_watched(doors->v[i].access,
			    (enum access_file)file) && print_sample(b, name,
			    addresses[i], access_files[file],
			    access_stale(doors->v[i].access,
			    (enum access_file)file)) == -1)
				return (-1);
	return (0);
}

static int
print_expiry(const struct station_doors *doors, const char *prog,
    char *const *addresses, struct buf *b)
{
	char name[NAME];
	unsigned int i;

	snprintf(name, sizeof(name),
	    "prof_%s_tls_certificate_expiry_timestamp_seconds", prog);
	if (expose_type(b, name, "gauge",
	    "When our certificate expires.") == -1)
		return (-1);
	for (i = 0; i < doors->n; i++)
		if (strncmp(addresses[i], "https:", 6) == 0 &&
		    print_sample(b, name, addresses[i], NULL,
		    access_expires(doors->v[i].access)) == -1)
			return (-1);
	return (0);
}

static int
print_handshakes(const char *prog, const struct httpd_stats *http,
    struct buf *b)
{
	char name[NAME];
	int i;

	snprintf(name, sizeof(name), "prof_%s_tls_handshakes_total", prog);
	if (expose_one(b, name, "counter", "TLS handshakes done.",
	    http->handshakes) == -1)
		return (-1);
	snprintf(name, sizeof(name), "prof_%s_tls_handshake_failures_total",
	    prog);
	if (expose_type(b, name, "counter", "TLS handshakes failed.") == -1)
		return (-1);
	for (i = 0; i < TLS_ENDS; i++)
		if (buf_addf(b, "%s{reason=\"%s\"} %" PRIu64 "\n", name,
		    tls_ends[i], http->failed[i]) == -1)
			return (-1);
	return (0);
}

int
station_doors_print(const struct station_doors *doors, const char *prog,
    const struct httpd_stats *http, char *const *addresses, struct buf *b)
{
	if (print_handshakes(prog, http, b) == -1 ||
	    print_expiry(doors, prog, addresses, b) == -1)
		return (-1);
	return (print_files(doors, prog, addresses, b));
}
