#ifndef ELECT_BACKEND_H
#define ELECT_BACKEND_H

#include <stddef.h>
#include <stdint.h>

struct conf;
struct elect;
struct elect_members;
struct event_base;

/* Who a candidate is. */
struct elect_candidate {
	const char *id;		/* as [election] has it, or the host's name */
	const char *name;	/* id and spool: two may run on a host */
};

/*
 * Whom an election asks. It works in the loop and must not block it, and says
 * what it finds by the functions below, not before begin has returned.
 */
struct elect_backend {
	const char *name;	/* as in [election] backend */
	void	*(*begin)(struct elect *, struct event_base *,
		    const struct conf *, const struct elect_candidate *,
		    const char **why);
				/* its own; NULL with errno, or why */
	void	(*end)(void *own);	/* resign */
	int	(*busy)(const void *own);	/* end would wait */
};

/*
 * The when_mono until which a lease of that length is safe: it began when the
 * request for it was sent, at the earliest, and clocks may run at rates that
 * are a tenth apart.
 */
int64_t	elect_bound(int64_t sent, int64_t lease);

/*
 * This host is elected until then (when_mono), or goes on to be. back: no other
 * was since it last was. why says how, and is copied.
 */
void	elect_hold(struct elect *, int64_t until, int back, const char *why);

/* It is not, or not any more. */
void	elect_lose(struct elect *, const char *why);

/*
 * The members that share the work from now on, before elect_hold says until
 * when; they are taken over. The work with a hash is that of
 * elect_members_owner.
 */
void	elect_share(struct elect *, struct elect_members *);

/* Who leads; "": nobody, or it is not known. Copied. */
void	elect_led_by(struct elect *, const char *leader);

/* There was no answer, or a bad one; a good one. Copied. */
void	elect_fail(struct elect *, const char *why);
void	elect_answered(struct elect *);

/*
 * Files of TLS that the backend is reached with have changed: they are in force
 * (NULL), or why what was read before stays so. Copied.
 */
void	elect_files(struct elect *, const char *why);

extern const struct elect_backend elect_file, elect_dataway, elect_etcd;

#endif
