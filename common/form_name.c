#include "form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define TYPES_MAX	256	/* bytes of a types[i] that are looked at */

static int
form_add(const char *p, size_t len, void *arg)
{
	return (buf_add(arg, p, len));
}

/*
 * The file that sample types are of (dd-trace-go up to 1.26 sends data[i] as
 * pprof-data and says the types in types[i]); NULL: of none known. mutex and
 * block have the same types, of which it sends one each.
 */
static const char *
form_types(const char *types)
{
	static const struct {
		const char	*word;
		const char	*name;
	} files[] = {
		{ "cpu", "cpu.pprof" },
		{ "alloc_space", "heap.pprof" },
		{ "alloc_objects", "heap.pprof" },
		{ "inuse_space", "heap.pprof" },
		{ "inuse_objects", "heap.pprof" },
		{ "goroutine", "goroutines.pprof" },
		{ "goroutines", "goroutines.pprof" },
		{ "delay", "block.pprof" },
		{ "contentions", "mutex.pprof" }
	};
	const char *p;
	size_t i, len;

	for (p = types; *p != '\0'; p += len + (p[len] == ',')) {
		len = strcspn(p, ",");
		for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
			if (strlen(files[i].word) == len &&
			    memcmp(files[i].word, p, len) == 0)
				return (files[i].name);
	}
	return (NULL);
}

/* The name for data[i] by types[i]: NULL with *broken 0: there is none. */
static const char *
form_indexed(const struct form *f, const char *index, size_t len, int *broken)
{
	struct buf types = { 0 };
	const struct form_part *p;
	const char *name = NULL;
	size_t i;

	*broken = 0;
	for (i = 0; i < f->n; i++) {
		p = &f->part[i];
		if (p->kind == FORM_INDEX && p->length < TYPES_MAX &&
		    strlen(p->name) == len + 7 &&
		    memcmp(p->name + 6, index, len) == 0 &&
		    p->name[len + 6] == ']')
			break;
	}
	if (i == f->n)
		return (NULL);
	if (form_pass(f, p->start, p->length, form_add, &types) == -1 ||
	    buf_str(&types) == NULL)
		*broken = 1;
	else
		name = form_types(types.p);
	buf_free(&types);
	return (name);
}

/* A name that tracers give every file. */
static int
form_generic(const char *filename)
{
	return (filename == NULL || *filename == '\0' ||
	    strcmp(filename, "pprof-data") == 0);
}

static char *
form_attachment(const struct form *f, const struct form_part *p)
{
	const char *inner, *name;
	size_t len = strlen(p->name);
	int broken;

	if (!form_generic(p->filename))
		return (strdup(p->filename));
	if (strncmp(p->name, "data[", 5) == 0 && len > 6 &&
	    p->name[len - 1] == ']') {
		inner = p->name + 5;
		len -= 6;
		if (strspn(inner, "0123456789") != len)
			return (strndup(inner, len));
		name = form_indexed(f, inner, len, &broken);
		if (name != NULL || broken)
			return (name != NULL ? strdup(name) : NULL);
	}
	return (strdup(*p->name != '\0' ? p->name : "attachment"));
}

int
form_name(struct form *f)
{
	struct form_part *p;
	size_t i;

	for (i = 0; i < f->n; i++) {
		p = &f->part[i];
		if (p->kind == FORM_ATTACHMENT ||
		    (p->kind == FORM_EVENT && i != f->event))
			p->attachment = form_attachment(f, p);
		else
			continue;
		if (p->attachment == NULL)
			return (-1);
	}
	return (0);
}
