#ifndef UPLOAD_H
#define UPLOAD_H

#include <stddef.h>

struct httpd_request;
struct order;
struct pyro;

/*
 * One request: its body goes to a draft, which an order makes into others, and
 * the answer waits until each of them is committed or stored. An upload is what
 * httpd_own of its request says, NULL where there is none (any more).
 */
struct upload;

/*
 * The head has come: take the body, or answer why not. The order has what the
 * head says, and is taken.
 */
void	upload_begin(struct pyro *, struct httpd_request *, struct order *);

/* Some of the body; all of it. */
void	upload_feed(void *upload, const char *p, size_t len);
void	upload_end(void *upload);

/* The request is over. What is being made of it goes on. */
void	upload_gone(void *upload);

#endif
