#ifndef SCRAPE_H
#define SCRAPE_H

struct httpd_request;
struct intake;

/*
 * Answer with the figures of all programs (board.h), no older than a second. A
 * page may be large: while more than 8 MiB of answers wait for clients to read
 * them it is 503.
 */
void	scrape(struct intake *, struct httpd_request *);

#endif
