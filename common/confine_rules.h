#ifndef CONFINE_RULES_H
#define CONFINE_RULES_H

#include <sys/types.h>

#include <stddef.h>

/* What confine.c collects, for those that make rules of it. */
struct confine_rule {
	char		*path;
	unsigned int	 rights;
	int		 watched;
	char		*link;		/* to the directory path; or NULL */
	dev_t		 dev;		/* when it was granted, */
	ino_t		 ino;		/* 0: it was not there */
};

struct confine {
	struct confine_rule *paths;
	size_t		 npaths;
	unsigned int	*ports;
	size_t		 nports;
	int		 any_port;
	unsigned int	 calls;
	int		 landlock;
	int		 seccomp;
	char		 text[32];	/* of confine_lacks */
};

/* confine_landlock.c: the version in force; 0: none. */
int	confine_rule_files(const struct confine *);

/* confine_calls.c: 1, or 0 where it is not to be had. */
int	confine_rule_calls(const struct confine *,
	    void (*on_refused)(const char *call));

#endif
