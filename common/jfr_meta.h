#ifndef JFR_META_H
#define JFR_META_H

#include <stddef.h>
#include <stdint.h>

struct jfr_cursor;
struct jfr_room;
struct jfr_table;
struct jfr_text;

#define JFR_NOWHERE	UINT32_MAX	/* an index of nothing */

struct jfr_type {
	int64_t		 id;
	uint32_t	 name;		/* JFR_NOWHERE: it has none */
	uint32_t	 first;		/* of fields */
	uint32_t	 nfields;
	unsigned char	 base;		/* enum jfr_base */
	unsigned char	 mark;		/* enum jfr_mark */
	unsigned char	 event;		/* its super type is jdk.jfr.Event */
};

struct jfr_field {
	int64_t		 class;		/* id of its type */
	uint32_t	 name;
	uint32_t	 type;		/* index of it, or JFR_NOWHERE */
	unsigned char	 pooled;	/* the number of a constant stands
					   for it */
	unsigned char	 array;
	unsigned char	 positive;	/* jdk.jfr.Unsigned */
	unsigned char	 unit;		/* enum jfr_unit */
	unsigned char	 scale;		/* enum jfr_scale, of times */
};

/* The types of a chunk, as its metadata event describes them. */
struct jfr_meta;

struct jfr_meta *jfr_meta_new(void);

/*
 * Read a metadata event from its strings on, in place of what was read before.
 * -1: it is malformed, or takes too much of the room. What it holds counts
 * against the room until it is freed.
 */
int	jfr_meta_read(struct jfr_meta *, const struct jfr_cursor *strings,
	    struct jfr_room *, const char **why);

size_t	jfr_meta_types(const struct jfr_meta *);
size_t	jfr_meta_fields(const struct jfr_meta *);

/* Index of the type with this id, or JFR_NOWHERE. */
uint32_t jfr_meta_find(const struct jfr_meta *, int64_t id);

const struct jfr_type *jfr_meta_type(const struct jfr_meta *, uint32_t index);
const struct jfr_field *jfr_meta_field(const struct jfr_meta *,
	    uint32_t index);

/* The name of a type or field; of one without, an empty text. */
const struct jfr_text *jfr_meta_name(const struct jfr_meta *, uint32_t name);

void	jfr_meta_free(struct jfr_meta *, struct jfr_room *);

#endif
