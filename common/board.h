#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

struct buf;
struct conf;
struct spool;

/*
 * The figures of all programs of a spool, as stat/ has them. Nothing else is
 * opened. A program that has not written for BOARD_FRESH, three times its
 * period, is down: what it wrote then is not what holds now.
 */
#define BOARD_FRESH	INT64_C(30000000000)

/*
 * Append what all of them wrote as one text, behind prof_up, which says of each
 * program that the configuration wants, and each other one that runs, whether
 * it is up. At most 8 MiB; programs for which there is no room any more, and
 * those whose file is damaged, are left out, as prof_stat_valid says.
 * -1 with errno.
 */
int	board_print(const struct spool *, const struct conf *, struct buf *);

/*
 * Append what one program wrote, however old, and say when, by the wall clock.
 * -1 with errno; ENOENT: it has never run.
 */
int	board_read(const struct spool *, const char *prog, struct buf *,
	    int64_t *written);

/* Written at that time, is it fresh? */
int	board_fresh(int64_t written);

#endif
