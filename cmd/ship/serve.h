#ifndef SERVE_H
#define SERVE_H

struct conf;
struct event_base;
struct program;

/*
 * Serve the destination called name from the spool until SIGTERM; SIGHUP reads
 * the configuration again. Takes conf over. Returns the exit code.
 */
int	serve(struct event_base *, const struct program *, const char *name,
	    struct conf *conf);

#endif
