#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES	1024
#define QUOTE_MAX	256

static const char *log_prog = "prof";
static int log_verbose;

void
log_open(const char *prog, int verbose)
{
	log_prog = prog;
	log_verbose = verbose;
}

static void __attribute__((format(printf, 4, 0)))
log_line(const char *level, const char *id, const char *msg, const char *fmt,
    va_list ap)
{
	char line[LINE_MAX_BYTES + 1];
	int saved = errno;
	size_t len = 0, i;
	int n;

	n = snprintf(line, LINE_MAX_BYTES, "level=%s prog=%s%s%s msg=\"%s\"",
	    level, log_prog, id != NULL ? " id=" : "", id != NULL ? id : "",
	    msg);
	if (n > 0)
		len = (size_t)n < LINE_MAX_BYTES ? (size_t)n :
		    LINE_MAX_BYTES - 1;
	if (fmt[0] != '\0' && len < LINE_MAX_BYTES - 1) {
		line[len++] = ' ';
		n = vsnprintf(line + len, LINE_MAX_BYTES - len, fmt, ap);
		if (n > 0)
			len += (size_t)n < LINE_MAX_BYTES - len ? (size_t)n :
			    LINE_MAX_BYTES - len - 1;
	}
	for (i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[len++] = '\n';
	/* There is nobody left to tell when standard error fails. */
	if (write(STDERR_FILENO, line, len) == -1)
		(void)len;
	errno = saved;
}

#define LOG(level)				\
	va_list ap;				\
						\
	va_start(ap, fmt);			\
	log_line(level, id, msg, fmt, ap);	\
	va_end(ap)

void
log_err(const char *id, const char *msg, const char *fmt, ...)
{
	LOG("error");
}

void
log_warn(const char *id, const char *msg, const char *fmt, ...)
{
	LOG("warn");
}

void
log_info(const char *id, const char *msg, const char *fmt, ...)
{
	LOG("info");
}

void
log_debug(const char *id, const char *msg, const char *fmt, ...)
{
	if (log_verbose) {
		LOG("debug");
	}
}

const char *
log_quote(const char *value)
{
	static _Thread_local char quoted[4][4 * QUOTE_MAX + 3];
	static _Thread_local unsigned int turn;
	char *p = quoted[turn++ % 4], *out = p;
	size_t i;

	*out++ = '"';
	for (i = 0; i < QUOTE_MAX && value[i] != '\0'; i++) {
		unsigned char c = (unsigned char)value[i];

		if (c == '"' || c == '\\') {
			*out++ = '\\';
			*out++ = (char)c;
		} else if (c < 0x20 || c == 0x7f)
			out += sprintf(out, "\\x%02x", c);
		else
			*out++ = (char)c;
	}
	*out++ = '"';
	*out = '\0';
	return (p);
}
