#ifndef ELECT_ETCD_H
#define ELECT_ETCD_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct elect_members;

/*
 * What is said to etcd's JSON gateway and what it answers (etcd.io, "gRPC
 * gateway", and rpc.proto of etcd 3.4): keys and values in base64, numbers of
 * 64 bits as strings. Below a prefix there are
 *
 *	leader		the elected host's name, with its lease
 *	last		the name of who was elected last, without one
 *	members/LEASE	"SECONDS NAME" of a member, with its lease
 *
 * All that append return -1 for ENOMEM, and take names of any bytes.
 */
struct elect_etcd_keys {
	char	*prefix;
	char	*leader;
	char	*last;
	char	*members;
};

/* Those of a namespace. -1: ENOMEM; clear them also then. */
int	elect_etcd_keys(struct elect_etcd_keys *, const char *name_space);
void	elect_etcd_keys_clear(struct elect_etcd_keys *);

/* Bodies of requests; a lease is 0 for none. */
int	elect_etcd_login(struct buf *, const char *user, const char *password);
int	elect_etcd_grant(struct buf *, int64_t seconds);
int	elect_etcd_lease(struct buf *, int64_t lease);	/* renew, revoke */
int	elect_etcd_look(struct buf *, const struct elect_etcd_keys *);

/*
 * Become the leader: if there is none, no member, and the revision of last is
 * still this one (0: there is none).
 */
int	elect_etcd_campaign(struct buf *, const struct elect_etcd_keys *,
	    int64_t lease, const char *name, int64_t last);

/* Become a member: if there is no leader. */
int	elect_etcd_join(struct buf *, const struct elect_etcd_keys *,
	    int64_t lease, int64_t seconds, const char *name);

/* What stands below the prefix. Zeros before, clear it after. */
struct elect_etcd_view {
	char		*leader;	/* NULL: none */
	int64_t		 leader_lease;
	char		*last;		/* NULL: none */
	int64_t		 last_revision;
	struct elect_members *members;
	int		 joined;	/* we are one of them */
};

/* Answers. -1: *why (a fixed sentence). */
int	elect_etcd_view(const char *p, size_t len,
	    const struct elect_etcd_keys *, int64_t lease,
	    struct elect_etcd_view *, const char **why);
void	elect_etcd_view_clear(struct elect_etcd_view *);

/* Of a lease; when renewed, seconds is 0 if it is gone. */
int	elect_etcd_granted(const char *p, size_t len, int64_t *lease,
	    int64_t *seconds, const char **why);
int	elect_etcd_renewed(const char *p, size_t len, int64_t *seconds,
	    const char **why);

/* 1: done; 0: the condition did not hold. */
int	elect_etcd_done(const char *p, size_t len, const char **why);

/* The token of a log-in; to be freed. NULL: *why. */
char	*elect_etcd_token(const char *p, size_t len, const char **why);

/* What an error says into out, and its code (gRPC's); 0: it is none. */
int	elect_etcd_error(const char *p, size_t len, char *out, size_t size);

#define ELECT_ETCD_NOT_FOUND		5
#define ELECT_ETCD_UNAUTHENTICATED	16

#endif
