#ifndef CONF_SHAPE_H
#define CONF_SHAPE_H

#include <stddef.h>

struct buf;

/* Has s the form of an address to listen on, host:port or unix:/path? */
int	conf_shape_address(const char *s);

/* Has s that of a url whose scheme is one of "http|file"? */
int	conf_shape_url(const char *s, const char *schemes);

/* Has s that of a request's path, without a query? */
int	conf_shape_endpoint(const char *s);

/* Has s that of a header, name: value? */
int	conf_shape_header(const char *s);

/* Append url, its userinfo and the values of its query as "***". */
int	conf_shape_redact(struct buf *, const char *url);

/* The place of s in words, "one|two", or -1. */
int	conf_shape_place(const char *words, const char *s);

/* The word at a place and its length (no NUL ends it), or NULL. */
const char *conf_shape_word(const char *words, int place, size_t *len);

#endif
