#ifndef FORMAT_H
#define FORMAT_H

#include <stddef.h>

#define FORMAT_MAGIC	512	/* bytes of a file's beginning that decide */

/*
 * What a profile is, in the backend's words: "pprof", "jfr" or "collapse".
 * By its name's extension (.pprof, .pb, .jfr, .folded ..., with .gz, .zst or
 * .lz4 behind it or not). NULL: the name does not say.
 */
const char *format_by_name(const char *name);

/*
 * By its first bytes. A gzip file is a pprof, unless the name in its header
 * says otherwise: pprof is gzipped by definition, JFR is not. NULL: unknown.
 */
const char *format_by_magic(const char *p, size_t len);

#endif
