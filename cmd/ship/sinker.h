#ifndef SINKER_H
#define SINKER_H

#include <stddef.h>

struct buf;
struct cargo;
struct conf_list;
struct record;

/*
 * X-Global-Tags, by which a Dataway's sinker picks a workspace, as the
 * reference makes it (DataKit, internal/io/dataway/ptgroup.go,
 * SinkHeaderValueFromTags): of the final tags those whose keys are global tags
 * or configured customer keys, "k=v,k2=v2"; where there is none, the global
 * tags sorted. Ours come in the order of the global tags, then of the keys.
 * A control byte in a value becomes '_'.
 *
 * keys: those to be looked up by parcel_new; free them with sinker_keys_free.
 * The tags of a record of line protocol are those of its first line.
 */
char	**sinker_keys(const struct record *, const struct conf_list *customer,
	    size_t *n);
void	sinker_keys_free(char **keys, size_t n);

/* Append the header's value to out. -1 with errno. */
int	sinker_value(struct buf *out, const struct cargo *);

#endif
