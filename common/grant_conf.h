#ifndef GRANT_CONF_H
#define GRANT_CONF_H

struct conf;
struct confine;

/* What a program needs of what the configuration names. -1: ENOMEM. */
int	grant_conf_recv(struct confine *, const struct conf *,
	    const char *prog);
int	grant_conf_pyro(struct confine *, const struct conf *,
	    const char *prog);
int	grant_conf_pull(struct confine *, const struct conf *,
	    const char *prog);

/* And of other targets, which the command line names. */
int	grant_conf_targets(struct confine *, const struct conf *);
int	grant_conf_metrics(struct confine *, const struct conf *,
	    const char *prog);

/* prog is ship.NAME. */
int	grant_conf_ship(struct confine *, const struct conf *,
	    const char *prog);

/* A directory for files without a name. */
int	grant_conf_tmp(struct confine *);

#endif
