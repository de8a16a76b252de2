#include "labels.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

static int
labels_compare(const char *key, const char *p, size_t len)
{
	int order = strncmp(key, p, len);

	return (order != 0 ? order : key[len] != '\0');
}

/* Where the key stands or belongs. 1: it is there. */
static int
labels_find(const struct labels *l, const char *p, size_t len, size_t *at)
{
	size_t low = 0, high = l->n, mid;
	int order;

	while (low < high) {
		mid = (low + high) / 2;
		order = labels_compare(l->label[mid].key, p, len);
		if (order == 0) {
			*at = mid;
			return (1);
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return (0);
}

int
labels_plain(const char *p, size_t len)
{
	const char *end = p + len;

	for (; p < end; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9') || *p == '_' || *p == '.' ||
		    *p == '-'))
			return (0);
	return (1);
}

static int
labels_valid(const char *key, size_t key_len, const char *value, size_t len,
    const char **why)
{
	if (key_len == 0)
		*why = "a label has no name";
	else if (!labels_plain(key, key_len))
		*why = "a label's name has a character that is not allowed";
	else if (len != 0 && memchr(value, '\0', len) != NULL)
		*why = "a label's value has a NUL in it";
	else
		return (1);
	return (0);
}

int
labels_set(struct labels *l, const char *key, size_t key_len,
    const char *value, size_t len, const char **why)
{
	struct label new = { NULL, NULL }, *grown;
	size_t at;

	if (!labels_valid(key, key_len, value, len, why))
		return (-1);
	*why = "out of memory";
	if ((new.value = strndup(len != 0 ? value : "", len)) == NULL)
		return (-1);
	if (labels_find(l, key, key_len, &at)) {
		free(l->label[at].value);
		l->label[at].value = new.value;
		return (0);
	}
	if (l->n == LABELS_MAX) {
		*why = "too many labels";
		goto fail;
	}
	if ((new.key = strndup(key, key_len)) == NULL ||
	    (grown = realloc(l->label, (l->n + 1) * sizeof(*grown))) == NULL)
		goto fail;
	l->label = grown;
	memmove(grown + at + 1, grown + at, (l->n - at) * sizeof(*grown));
	grown[at] = new;
	l->n++;
	return (0);
fail:
	free(new.key);
	free(new.value);
	return (-1);
}

const char *
labels_get(const struct labels *l, const char *key)
{
	size_t at;

	return (labels_find(l, key, strlen(key), &at) ? l->label[at].value :
	    NULL);
}

void
labels_drop(struct labels *l, const char *key)
{
	size_t at;

	if (!labels_find(l, key, strlen(key), &at))
		return;
	free(l->label[at].key);
	free(l->label[at].value);
	l->n--;
	memmove(l->label + at, l->label + at + 1,
	    (l->n - at) * sizeof(*l->label));
}

int
labels_write(const struct labels *l, struct buf *out)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if ((i > 0 && buf_addc(out, ',') == -1) ||
		    buf_adds(out, l->label[i].key) == -1 ||
		    buf_addc(out, '=') == -1 ||
		    buf_adds(out, l->label[i].value) == -1)
			return (-1);
	return (0);
}

void
labels_free(struct labels *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		free(l->label[i].key);
		free(l->label[i].value);
	}
	free(l->label);
	memset(l, 0, sizeof(*l));
}
