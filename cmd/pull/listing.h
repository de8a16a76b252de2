#ifndef LISTING_H
#define LISTING_H

#include <sys/stat.h>

#include <stddef.h>

#include "conf.h"

/*
 * A list of targets that another program keeps, in the form of Prometheus'
 * file_sd (prometheus.io, "Configuration", file_sd_config), JSON:
 *
 *	[{"targets": ["host:port", ...], "labels": {"name": "value", ...}}]
 *
 * A target is host:port, or any url that prof.conf(5) takes. __scheme__ is
 * http if no label says https; other labels that begin with __ are left out.
 */
#define LISTING_MAX	(1024 * 1024)	/* bytes; jansson takes 20 times that */

struct listed {
	char	*url;
	struct conf_pairs labels;
};

struct listing {
	const char	*path;
	struct listed	*v;
	size_t		 n;
	struct stat	 seen;		/* the file as it was read last */
	int		 bad;		/* so it is now, and that was said */
};

/*
 * Parse one; l is as it was on -1, and *why says it (a fixed sentence, or
 * what jansson said, until the next call).
 */
int	listing_parse(struct listing *l, const char *p, size_t len,
	    const char **why);

/*
 * Read the file if it has changed since the last call. 1: it was read; 0: it
 * was not, or is as it was; -1: it is wrong, *why; what was read stays.
 */
int	listing_read(struct listing *l, const char **why);

void	listing_clear(struct listing *l);

#endif
