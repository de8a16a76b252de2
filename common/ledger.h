#ifndef LEDGER_H
#define LEDGER_H

#include <stddef.h>
#include <stdint.h>

/*
 * ledger/QUEUE: what was counted. A line "WORD ID" is appended before the act
 * it announces; counting is by distinct id, and an id's last line wins, so
 * that a line whose act a crash prevented is put right by the next one. It
 * counts and never decides, but for one thing: records are as old as their
 * first "in" line says.
 */
enum ledger_word { LEDGER_IN, LEDGER_OK, LEDGER_DEAD, LEDGER_EVICTED,
    LEDGER_REMOVED, LEDGER_WORDS };

extern const char *const ledger_words[LEDGER_WORDS];

struct ledger;

/* Open or make the ledger of a queue and cut off a torn tail. -1: errno. */
struct ledger *ledger_open(int root, const char *queue);
void	ledger_close(struct ledger *);

/*
 * Append a line. What the disk refuses now is kept and written with the next
 * one: no act waits for it. Not durable: the kernel writes it in its time.
 */
void	ledger_add(struct ledger *, enum ledger_word, const char *id);

/* Write what was kept. 0: nothing is left; else the errno in the way. */
int	ledger_flush(struct ledger *);

/* Bytes of it. */
uint64_t ledger_size(const struct ledger *);

/*
 * Call on_line for every line of a queue's ledger, in order: of an id with
 * count 1, or with id NULL of the count that a rewriting has left; what means
 * nothing is passed over. -1: it cannot be read (ENOENT: there is none), or
 * what on_line returned if not 0.
 */
int	ledger_read(int root, const char *queue,
	    int (*on_line)(enum ledger_word, const char *id, uint64_t count,
	    void *arg), void *arg);

/*
 * A line without its newline, cut up: "WORD ID", or "WORD +COUNT" with *id
 * NULL. -1: it means nothing.
 */
int	ledger_parse(char *line, enum ledger_word *, const char **id,
	    uint64_t *count);

/*
 * Put in its place a ledger of the lines in text, by a rename; what is kept
 * goes behind them. -1: errno, and the old one goes on.
 */
int	ledger_replace(struct ledger *, const char *text, size_t len);

#endif
