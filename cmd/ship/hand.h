#ifndef HAND_H
#define HAND_H

#include <stddef.h>

struct destination;

/*
 * Send the records in files (named "-": all there are on standard input) by
 * hand, several at once, and say of each on standard output
 *
 *	ID DESTINATION ok|retry|suspended|dead REASON
 *
 * with the file's name for ID where it has none. shown is what to call the
 * destination. Progress goes to standard error if that is a terminal. Returns
 * the exit code.
 */
int	hand_send(struct destination *, const char *shown, char **files,
	    size_t n);

#endif
