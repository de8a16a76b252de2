#ifndef MULTI_H
#define MULTI_H

#include <curl/curl.h>

struct event_base;

/* libcurl's multi interface on libevent's loop: many transfers at once. */
struct multi;

/*
 * on_end is called from the loop when a transfer has ended, and may take it
 * out and begin others. At most kept connections stay open between transfers.
 * NULL with errno.
 */
struct multi *multi_new(struct event_base *, long kept,
	    void (*on_end)(CURL *, CURLcode, void *arg), void *arg);

/* No transfer may be left in it. multi_free(NULL) is harmless. */
void	multi_free(struct multi *);

/* Begin one: nothing of it happens before the loop runs. -1: ENOMEM. */
int	multi_add(struct multi *, CURL *);

/* Take it out, whether it has ended or not. */
void	multi_remove(struct multi *, CURL *);

#endif
