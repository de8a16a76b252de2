#ifndef CONF_ACCESS_H
#define CONF_ACCESS_H

struct conf_build;
struct conf_opening;

/*
 * The addresses of [http_api] or of a [profile.pyroscope], and what it says of
 * those who come in, fit each other; else that is an error. Whether the files
 * are good their reader finds: others, who read the configuration too, may not
 * read a key. Private to conf.
 */
void	conf_access_check(struct conf_build *, const struct conf_opening *);

#endif
