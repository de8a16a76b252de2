#ifndef LISTENER_H
#define LISTENER_H

#include <stddef.h>
#include <stdint.h>

struct conf;
struct conf_list;

/* What a [profile.pyroscope] section gives to all that comes in by it. */
struct listener {
	char	*url;
	char	*tags;		/* a list, as origin_listener makes it */
	char	*own;		/* likewise origin_own */
	int64_t	 wait;		/* ns, of a set for all its parts */
};

struct listeners {
	struct listener	*v;
	size_t		 n;
};

/* Of all sections, in their order. -1: ENOMEM; free them in either case. */
int	listeners_read(struct listeners *, const struct conf *);
void	listeners_free(struct listeners *);

/* Their addresses, borrowed; the list itself is to be freed. -1: ENOMEM. */
int	listeners_urls(const struct listeners *, struct conf_list *);

/* The wait of the one whose url is the first line of a set's key, or 0. */
int64_t	listeners_wait(const struct listeners *, const char *key);

/* Are these at other addresses? */
int	listeners_differ(const struct listeners *, const struct conf *);

#endif
