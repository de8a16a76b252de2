#ifndef ELECT_ETCD_HOST_H
#define ELECT_ETCD_HOST_H

#include <stdint.h>

struct elect;
struct elect_etcd_view;
struct elect_http;
struct event;

/*
 * A host that takes part in an election by etcd: its lease, and what follows
 * from what it sees. Asks one thing at a time; each answer leads to the next
 * question or to a pause.
 */
enum elect_etcd_step { ELECT_ETCD_LOGIN, ELECT_ETCD_GRANT, ELECT_ETCD_RENEW,
    ELECT_ETCD_LOOK, ELECT_ETCD_CAMPAIGN, ELECT_ETCD_JOIN };

struct elect_etcd {
	struct elect	*elect;
	struct elect_http *http;
	struct event	*again;
	struct elect_etcd_keys *keys;
	char		*name;
	char		*auth_file;	/* NULL: none */
	char		*token;		/* NULL: none yet */
	int		 shard;
	int64_t		 wanted;	/* seconds */
	enum elect_etcd_step	 step;		/* under way */
	int		 refused;	/* the token, once */
	int64_t		 lease;		/* 0: none */
	int64_t		 seconds;	/* it lasts from when_mono leased, */
	int64_t		 leased;	/* when it was asked for */
	int		 won;		/* the leader's key has this lease */
	int64_t		 joined;	/* when_mono since which we are known
					   to be a member; 0: we are not */
	int64_t		 from;		/* when_mono: work not before */
	char		*last;		/* as it was before we campaigned */
	int64_t		 last_revision;
};

/* Ask that. */
void	elect_etcd_ask(struct elect_etcd *, enum elect_etcd_step);

/* Begin again after so many ns, or after as long as is usual. */
void	elect_etcd_wait(struct elect_etcd *, int64_t);
int64_t	elect_etcd_period(const struct elect_etcd *);

/* The view that an answer to ELECT_ETCD_LOOK has given: go on by it. */
void	elect_etcd_look_leader(struct elect_etcd *, struct elect_etcd_view *);
void	elect_etcd_look_shard(struct elect_etcd *, struct elect_etcd_view *);

/* The leader's key is ours. back: none was elected since we were. */
void	elect_etcd_led(struct elect_etcd *, int back);

#endif
