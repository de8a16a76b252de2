#include "tags_list.h"

#include <string.h>

/* Some of one tag. */
static int
tags_list_part(struct tags_list *l, const char *p, size_t len)
{
	size_t n = 0, room = l->key_max + 1 - l->key_len;

	if (len == 0)
		return (0);
	if (!l->in_value) {
		/* Behind a colon in front no other begins a value. */
		if ((l->key_len != 0 ? l->key[0] : p[0]) == ':')
			n = len;
		else
			while (n < len && p[n] != ':')
				n++;
		memcpy(l->key + l->key_len, p, n < room ? n : room);
		l->key_len += n < room ? n : room;
		if (n == len)
			return (0);
		l->on_key(l->key, l->key_len, l->arg);
		l->in_value = 1;
		n++;
	}
	return (n == len ? 0 : l->on_value(p + n, len - n, l->arg));
}

int
tags_list_end(struct tags_list *l)
{
	if (!l->in_value) {
		if (l->key_len == 0)
			return (0);
		l->on_key(l->key, l->key_len, l->arg);
	}
	l->in_value = 0;
	l->key_len = 0;
	return (l->on_tag(l->arg));
}

int
tags_list_feed(struct tags_list *l, const char *p, size_t len)
{
	const char *comma;
	size_t n;

	while (len > 0) {
		comma = memchr(p, ',', len);
		n = comma != NULL ? (size_t)(comma - p) : len;
		if (tags_list_part(l, p, n) == -1)
			return (-1);
		if (comma != NULL) {
			if (tags_list_end(l) == -1)
				return (-1);
			n++;
		}
		p += n;
		len -= n;
	}
	return (0);
}
