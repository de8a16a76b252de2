#ifndef HAND_H
#define HAND_H

struct conf;
struct place;
struct spool;

/*
 * What a person asks of the spool: prof-spool COMMAND. argv[0] is the
 * command's name. They return exit codes.
 */
int	hand_init(const struct conf *);
int	hand_put(struct spool *, int argc, char *argv[]);
int	hand_ls(struct spool *, int argc, char *argv[]);
int	hand_cat(struct spool *, int argc, char *argv[]);
int	hand_show(struct spool *, int argc, char *argv[]);
int	hand_stat(struct spool *, int argc, char *argv[]);
int	hand_retry(struct spool *, int argc, char *argv[]);
int	hand_rm(struct spool *, int argc, char *argv[]);
int	hand_check(struct spool *, int argc, char *argv[]);
int	hand_fsck(struct spool *, int argc, char *argv[]);

/*
 * Say that the spool cannot be read, or what has been printed not written, as
 * errno has it. The answer is the exit code, 111.
 */
int	hand_unreadable(struct spool *);
int	hand_unwritten(void);

/*
 * Is there such a queue? Any that records wait in, or are dead in; NULL: all.
 * 0, or the exit code when it has said that there is none.
 */
int	hand_no_queue(struct spool *, const char *queue);

/*
 * Find the one record whose id begins with prefix and open it for reading; p
 * gets one of its names (only id and path are valid afterwards). 0, or an exit
 * code when it has said what is wrong: none or several fit (100), disk (111).
 */
int	hand_open(struct spool *, const char *prefix, struct place *p, int *fd);

#endif
