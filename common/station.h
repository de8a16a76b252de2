#ifndef STATION_H
#define STATION_H

#include <stddef.h>

struct buf;
struct conf;
struct conf_access;
struct conf_list;
struct event_base;
struct httpd_request;
struct intake;

/*
 * The life of a program that takes profiles over HTTP: the server on all its
 * addresses, what it publishes in stat/PROG, now and every 10 s, and signals.
 * It speaks for the program, so it logs.
 */
struct station;

struct station_calls {
	/* As httpd's calls; the last three get what httpd_set_own said, and
	   are left out where that is NULL. */
	void	(*on_head)(struct httpd_request *, void *arg);
	void	(*on_body)(void *own, const char *p, size_t len);
	void	(*on_end)(void *own);
	void	(*on_gone)(void *own);
	const char *h2_text;	/* for httpd_tell_h2, or NULL */
	/* The section that says who may come in by an address, 0, 1, ... */
	const struct conf_access *(*access)(const struct conf *,
		    unsigned int door);
	/* SIGHUP came. */
	void	(*on_hup)(void *arg);
	/* Is something under way, besides connections and commits? Or NULL. */
	int	(*busy)(void *arg);
	/* Append further figures. -1: ENOMEM. Or NULL. */
	int	(*print)(struct buf *, void *arg);
	void	*arg;
};

/* Listen on the addresses, and be ready. NULL: it is logged why. */
struct station *station_new(struct event_base *, struct intake *,
	    const struct conf_list *addresses, const struct station_calls *);

/*
 * The intake's configuration has changed: its limits, certificates, tokens and
 * users hold from now on.
 */
void	station_change(struct station *);

/*
 * Serve until SIGTERM or SIGINT, then take nothing new, finish what is under
 * way within 30 s, unless another one comes, and close all connections. -1:
 * the loop failed, or a part of the spool is another now. 1: a disk hangs, and
 * must not hang the end: exit.
 */
int	station_run(struct station *);

/* Publish for the last time. Harmless with NULL. */
void	station_free(struct station *);

#endif
