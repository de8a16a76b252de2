#ifndef PROFILE_H
#define PROFILE_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct form;
struct form_source;
struct multipart_limits;

/*
 * A profile's body of any generation (an event with attachments, or a form of
 * fields) and what is to be known of it: its parts, its tags with ours among
 * them, its times, and the event that it is to have.
 */
struct profile;

/*
 * lookup are keys whose final tags profile_tag can tell. NULL with *why; errno
 * 0 if the body is at fault.
 */
struct profile *profile_new(const struct form_source *,
	    const struct multipart_limits *, const char *const *lookup,
	    size_t nlookup, const char **why);
void	profile_free(struct profile *);

const struct form *profile_form(const struct profile *);

/* Something to log (an event that is not JSON is left as it is), or NULL. */
const char *profile_warning(const struct profile *);

/* Must the event be written anew? */
int	profile_changed(const struct profile *);

/*
 * Its event as it is to be, to out, which returns -1 to stop: the client's with
 * our tags, and with the members that it lacks; where there is none, one of our
 * own. -1 with errno.
 */
int	profile_event(const struct profile *,
	    int (*out)(const char *p, size_t len, void *arg), void *arg);

/* Append the members that the client's event lacks, `"format":"pprof",...`. */
int	profile_members(const struct profile *, struct buf *);

/* Its start and end, in ns since 1970. */
int64_t	profile_start(const struct profile *);
int64_t	profile_end(const struct profile *);

/* The backend's name for its language, or "unknown". */
const char *profile_language(const struct profile *);

/* The final value of a tag in lookup, NULL where there is none. */
const char *profile_tag(const struct profile *, const char *key);

/* The same of service, "unknown" where there is none or it is empty. */
const char *profile_service(const struct profile *);

#endif
