#ifndef CONF_TABLE_H
#define CONF_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Every section and key of the configuration, as constant tables. What reads,
 * checks, prints or frees a configuration walks them; prof.conf(5) and
 * etc/prof.conf are tested against them.
 */

/* What a key's value is, and what the field at its offset is. */
enum conf_kind {
	CONF_BOOL,		/* int */
	CONF_INTEGER,		/* uint64_t */
	CONF_MIB,		/* uint64_t of bytes, said in MiB */
	CONF_DURATION,		/* int64_t of nanoseconds */
	CONF_TEXT,		/* char *; here and below NULL where empty */
	CONF_PATH,		/* char *, absolute */
	CONF_URL,		/* char *, its scheme one of words */
	CONF_ADDRESS,		/* char *, https://host:port, host:port or
				   unix:/path */
	CONF_UID,		/* char *, decimal, of a user */
	CONF_ENDPOINT,		/* char *, the path of a request */
	CONF_HEADER,		/* char *, name: value */
	CONF_WORD,		/* char *, one of words */
	CONF_ENUM,		/* int: the place in words, from 0 */
	CONF_BITS		/* unsigned int: 1 << place, of several words */
};

#define CONF_LIST	1	/* struct conf_list of the kind */
#define CONF_FILLED	2	/* may not be empty */
#define CONF_HIDDEN	4	/* no error shows what was found */
#define CONF_RAISED	8	/* empty or below min is min, with a warning */
#define CONF_ALIAS	16	/* another name for the key before it */
#define CONF_READ	32	/* a file that is not there is a warning */

struct conf_key {
	const char	*name;		/* NULL ends the table */
	enum conf_kind	 kind;
	unsigned int	 flags;
	size_t		 offset;
	const char	*standard;	/* the default, as a file says it; NULL:
					   none; in parentheses: where it comes
					   from */
	const char	*inherits;	/* key of [profile.io_config] that is
					   the default */
	const char	*unit;
	const char	*words;		/* "one|two" */
	uint64_t	 min;		/* in the unit; durations in ns */
	uint64_t	 max;
};

/* The struct that a section's offsets are into. */
enum conf_owner { CONF_OF_ALL, CONF_OF_TARGET, CONF_OF_PYROSCOPE,
    CONF_OF_DESTINATION };

struct conf_section {
	const char	*name;		/* NULL ends the table */
	enum conf_owner	 owner;
	int		 begins;	/* each one begins another owner, */
	int		 repeats;	/* and there can be several */
	const struct conf_key *keys;	/* NULL: any key, a tag */
	size_t		 pairs;		/* offset of the struct conf_pairs */
};

/* [destination.NAME] stands there with this name. */
#define CONF_NAMED	"destination.NAME"
#define CONF_NAME_MAX	32
#define CONF_KEYS_MAX	32	/* of one section */

extern const struct conf_section conf_table[];

#endif
