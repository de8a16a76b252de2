#ifndef LOG_H
#define LOG_H

/*
 * Log lines in logfmt on standard error, each one write(2):
 *
 *	level=info prog=prof-ship id=019e... msg="delivered" to=main status=200
 *
 * The message is a fixed phrase, the same in every line of its kind, so that a
 * grep finds them all; what varies follows as key=value, with log_quote around
 * a value that is not ours. Control bytes are replaced by '?'.
 */

/* Name the program, and log debug lines too if verbose. Call it once, first. */
void	log_open(const char *prog, int verbose);

/*
 * msg is a fixed phrase; id, a record's, may be NULL; fmt makes "key=value"
 * pairs and may be "". A line over 1,024 bytes is cut. errno is kept.
 */
void	log_err(const char *id, const char *msg, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	log_warn(const char *id, const char *msg, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	log_info(const char *id, const char *msg, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	log_debug(const char *id, const char *msg, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/*
 * value in double quotes, with quotes, backslashes and control bytes escaped,
 * at most 256 bytes of it. The answer stands in one of four static buffers a
 * thread used in turn, so that a line can quote four values.
 */
const char *log_quote(const char *value);

#endif
