#include "joint.h"

#include <string.h>

#include "buf.h"
#include "labels.h"
#include "origin.h"
#include "product.h"
#include "sampletype.h"
#include "when.h"

#define SESSION	"__session_id__"	/* of a run of a Go program */

static const char *const node_files[] = { "cpu.pprof", "inuse_objects.pprof",
    "inuse_space.pprof" };
static const char *const go_files[] = { "cpu.pprof", "goroutines.pprof",
    "delta-heap.pprof", "delta-mutex.pprof", "delta-block.pprof" };

#define COUNT(a)	(sizeof(a) / sizeof(*(a)))

static const struct joint joints[] = {
	{ "nodespy", node_files, COUNT(node_files), 0 },
	{ "gospy", go_files, COUNT(go_files), 1 },
};

const struct joint *
joint_find(const char *spy)
{
	size_t i;

	for (i = 0; spy != NULL && i < COUNT(joints); i++)
		if (strcmp(joints[i].spy, spy) == 0)
			return (&joints[i]);
	return (NULL);
}

unsigned int
joint_bit(const struct joint *joint, const char *file)
{
	size_t i;

	for (i = 0; i < joint->n; i++)
		if (strcmp(file, joint->files[i]) == 0)
			return (1U << i);
	return (0);
}

unsigned int
joint_bits(const struct joint *joint, const struct product *product)
{
	unsigned int bits = 0, bit;
	size_t i;

	for (i = 0; i < product->n; i++) {
		if ((bit = joint_bit(joint, product->file[i].name)) == 0)
			return (0);
		bits |= bit;
	}
	return (bits);
}

int
joint_complete(const struct joint *joint, unsigned int bits)
{
	return (bits == (1U << joint->n) - 1);
}

int
joint_key(const struct joint *joint, const struct origin *o,
    const char *listener, struct buf *key)
{
	const char *session = labels_get(o->labels, SESSION);
	size_t len;

	if (buf_addf(key, "%s\n%s\n", listener, joint->spy) == -1)
		return (-1);
	/* A run of a Go program uploads all kinds at the same time. */
	if (joint->spans)
		return (session == NULL || *session == '\0' ? 0 :
		    buf_addf(key, "%s\n%lld", session,
		    (long long)(o->until / WHEN_SECOND)) == -1 ? -1 : 1);
	(void)sampletype_suffix(o->app, &len);
	if (buf_add(key, o->app, len) == -1 || buf_addc(key, '\n') == -1 ||
	    labels_write(o->labels, key) == -1)
		return (-1);
	return (1);
}
