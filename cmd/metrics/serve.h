#ifndef SERVE_H
#define SERVE_H

struct conf;
struct program;

/*
 * Serve queue/metrics until SIGTERM. Takes conf over; returns the exit code.
 */
int	serve(const struct program *, struct conf *conf);

#endif
