#ifndef STATION_DOOR_H
#define STATION_DOOR_H

struct access;
struct buf;
struct conf_access;
struct httpd_request;
struct httpd_stats;
struct intake_tally;

/*
 * The doors of a station, one for each address it listens on in that order,
 * and who may come in by them. Addresses of one section share one access. They
 * speak for the program, so they log. Private to station.
 */
struct station_doors;

struct station_doors *station_doors_new(void);	/* NULL: ENOMEM */
void	station_doors_free(struct station_doors *);

/*
 * The next one; section stays the caller's until station_doors_change, by its
 * address it is known. NULL: it is logged why.
 */
struct access *station_doors_add(struct station_doors *,
	    const struct conf_access *section);

/*
 * Each section has another place and perhaps other words: door number n's is
 * what section(arg, n) answers. What cannot be taken stays as it was.
 */
void	station_doors_change(struct station_doors *,
	    const struct conf_access *(*section)(void *arg, unsigned int),
	    void *arg);

/* Is the request without a token that it needs? 1: it was answered so. */
int	station_doors_refuse(const struct station_doors *,
	    struct httpd_request *, struct intake_tally *);

/* A handshake failed: httpd's on_handshake. */
void	station_doors_handshake(const char *remote, int end, const char *why,
	    void *arg);

/* Take up files that changed. */
void	station_doors_renew(struct station_doors *);

/*
 * Append figures prof_PROG_..., with the addresses as listened on. -1: ENOMEM.
 */
int	station_doors_print(const struct station_doors *, const char *prog,
	    const struct httpd_stats *, char *const *addresses,
	    struct buf *);

#endif
