#ifndef UPLOAD_H
#define UPLOAD_H

#include <stddef.h>

struct httpd_request;
struct intake;

/*
 * One request becoming one record: its body goes to the draft and through the
 * multipart check as it comes, and the answer waits for the commit. An upload
 * is what httpd_own of its request says, NULL where there is none (any more).
 */
struct upload;

/* The head has come: take the body, or answer why not. */
void	upload_begin(struct intake *, struct httpd_request *);

/* Some of the body; all of it. */
void	upload_feed(void *upload, const char *p, size_t len);
void	upload_end(void *upload);

/* The request is over. A commit under way goes on. */
void	upload_gone(void *upload);

#endif
