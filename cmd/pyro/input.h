#ifndef INPUT_H
#define INPUT_H

/* What the body of POST /ingest is. */
enum input { INPUT_GROUPS, INPUT_LINES, INPUT_TRIE, INPUT_TREE,
    INPUT_SPEEDSCOPE, INPUT_PPROF, INPUT_JFR };

/*
 * As Pyroscope chooses (pkg/server/ingest.go): by format=, "" where it is not
 * given, and by the content type, which may be NULL.
 */
enum input input_choose(const char *format, const char *content_type);

/* What Pyroscope calls it. */
const char *input_name(enum input);

/* Is the body a form? */
int	input_is_form(const char *content_type);

#endif
