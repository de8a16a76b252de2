#ifndef ORDER_H
#define ORDER_H

#include <stdint.h>

struct conf_pairs;
struct conf_target;
struct plan;

/*
 * What is to be pulled from a target, and how: its section, with what a list
 * of targets (file_sd) says of this one. It does not change; a reread
 * configuration makes another.
 */
struct order {
	struct plan	*plan;
	const struct conf_target *t;	/* of the plan */
	char		*url;
	char		 shown[256];	/* the url, for the log: no secrets */
	int64_t		 interval;	/* ns */
	int64_t		 timeout;
	unsigned int	 cpu_seconds;
	unsigned int	 kinds;		/* bits, 1 << KIND_CPU */
	char		*tags;		/* tags_profiler */
	char		*own_tags;	/* sub_custom_tags */
	unsigned int	 held;
};

/*
 * labels, which may be NULL, go before the section's tags; those called
 * service, env and version before its keys. url is copied. Held once. NULL:
 * ENOMEM.
 */
struct order *order_new(struct plan *, const struct conf_target *,
	    const char *url, const struct conf_pairs *labels);

struct order *order_hold(struct order *);
void	order_drop(struct order *);

#endif
