#ifndef APPNAME_H
#define APPNAME_H

#include <stddef.h>

struct buf;
struct labels;

/*
 * What Pyroscope's clients call themselves in name=, such as
 * demo.cpu{region=eu,team=blue team} (grafana/pyroscope, pkg/og/storage/
 * segment, ParseKey): an application, and labels. Of two labels of a key the
 * last counts; __name__ is the application's name. Blanks around names and
 * values do not count; a value may hold anything but a comma and a brace.
 *
 * Other than the reference: names of labels may have dots and dashes; a label
 * in front of a } that is missing stays, and so does one without "=" (empty);
 * what __name__= says is held to the rules of a name, too.
 */

/*
 * Take a name (after percent-decoding) apart. *app is to be freed, labels
 * (empty, to be freed even after an error) get what is in braces. -1: *why
 * says what is wrong with it, or "out of memory".
 */
int	appname_parse(const char *p, size_t len, char **app, struct labels *,
	    const char **why);

/*
 * Append the same name in one way of writing: demo.cpu{region=eu,team=blue},
 * labels by key. -1: ENOMEM.
 */
int	appname_write(const char *app, const struct labels *, struct buf *);

#endif
