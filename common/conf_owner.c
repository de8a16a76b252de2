#include "conf_owner.h"

#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_table.h"

/* v with room for one more than n structs of size, zeroed; or NULL. */
static void *
grow(void *v, size_t n, size_t size)
{
	char *p;

	if ((p = realloc(v, (n + 1) * size)) != NULL)
		memset(p + n * size, 0, size);
	return (p);
}

int
conf_owner_begin(struct conf *c, const struct conf_section *s)
{
	void *p = c;

	switch (s->owner) {
	case CONF_OF_TARGET:
		if ((p = grow(c->targets, c->ntargets,
		    sizeof(*c->targets))) != NULL) {
			c->targets = p;
			c->ntargets++;
		}
		break;
	case CONF_OF_PYROSCOPE:
		if ((p = grow(c->pyroscopes, c->npyroscopes,
		    sizeof(*c->pyroscopes))) != NULL) {
			c->pyroscopes = p;
			c->npyroscopes++;
		}
		break;
	case CONF_OF_DESTINATION:
		if ((p = grow(c->destinations, c->ndestinations,
		    sizeof(*c->destinations))) != NULL) {
			c->destinations = p;
			c->ndestinations++;
		}
		break;
	case CONF_OF_ALL:
		break;
	}
	return (p != NULL ? 0 : -1);
}

size_t
conf_owners(const struct conf *c, const struct conf_section *s)
{
	switch (s->owner) {
	case CONF_OF_TARGET:
		return (c->ntargets);
	case CONF_OF_PYROSCOPE:
		return (c->npyroscopes);
	case CONF_OF_DESTINATION:
		return (c->ndestinations);
	default:
		return (1);
	}
}

void *
conf_owner(struct conf *c, const struct conf_section *s, size_t i)
{
	switch (s->owner) {
	case CONF_OF_TARGET:
		return (&c->targets[i]);
	case CONF_OF_PYROSCOPE:
		return (&c->pyroscopes[i]);
	case CONF_OF_DESTINATION:
		return (&c->destinations[i]);
	default:
		return (c);
	}
}

int
conf_pairs_add(struct conf_pairs *l, const char *key, const char *value)
{
	struct conf_pair *v;

	if ((v = grow(l->v, l->n, sizeof(*v))) == NULL)
		return (-1);
	l->v = v;
	v += l->n++;
	v->key = strdup(key);
	v->value = strdup(value);
	return (v->key != NULL && v->value != NULL ? 0 : -1);
}
