#ifndef MODE_H
#define MODE_H

#include <sys/types.h>

#include <stdint.h>
#include <time.h>

/*
 * How the sink misbehaves: a file with a directive a line, read again when it
 * has changed. No file, or an empty one: every request is answered 200.
 *
 *	status N	answer N
 *	retry-after V	with that header
 *	body TEXT	and that body
 *	early		answer behind the head, before the body
 *	bye		close after the answer
 *	delay MS	wait before the answer
 *	rate N		read at most so many bytes a second
 *	hang		read the request and never answer
 *	deaf		read nothing behind the head, never answer
 *	close		close behind the head
 *	reset		reset the connection in the middle of the body
 *	share N		do so to N percent of the requests, by chance
 *	match TEXT	do so to requests whose head has TEXT in it
 *	times N		do so N times after the file has changed, then no more
 */
enum mode_act { MODE_ANSWER, MODE_HANG, MODE_DEAF, MODE_CLOSE, MODE_RESET };

struct mode {
	enum mode_act act;
	int	status;
	int	early;
	int	bye;
	int	delay;		/* ms */
	int	rate;		/* bytes a second; 0: any */
	int	share;		/* percent */
	long	times;		/* -1: always */
	char	retry_after[64];
	char	match[256];
	char	body[1024];
};

struct mode_file {
	const char	*path;
	ino_t		 ino;
	struct timespec	 mtime;
	struct mode	 mode;
};

/*
 * What to do to a request with that head. A directive that is not understood
 * is said on standard error and ends the program: a test must not go on with
 * a sink that does something else.
 */
struct mode mode_pick(struct mode_file *, const char *head);

#endif
