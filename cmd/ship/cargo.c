#include "cargo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "conf.h"
#include "file.h"
#include "multipart.h"
#include "parcel.h"
#include "record.h"
#include "sinker.h"

static int
cargo_path(struct cargo *c, const char *path, struct answer *a)
{
	if ((c->fd = file_plain(path)) != -1)
		return (0);
	if (errno == EINVAL)
		answer_ours(a, ANSWER_DEAD, "not a plain file");
	else
		/* What is gone or for want of descriptors is not counted. */
		answer_ours(a, errno == ENOENT || errno == EMFILE ||
		    errno == ENFILE ? ANSWER_BACK : ANSWER_RETRY,
		    "cannot open the record: %s", strerror(errno));
	return (-1);
}

/* errno is 0 where the record is at fault. */
static void
cargo_fault(struct answer *a, const char *why)
{
	if (errno == 0)
		answer_ours(a, ANSWER_DEAD, "bad record: %s", why);
	else
		answer_ours(a, ANSWER_RETRY, "%s: %s", why, strerror(errno));
}

static int
cargo_check(struct cargo *c, char *id, struct answer *a)
{
	const char *why;

	if ((c->record = calloc(1, sizeof(*c->record))) == NULL) {
		cargo_fault(a, "out of memory");
		return (-1);
	}
	if (record_read(c->record, c->fd, &why) == -1) {
		cargo_fault(a, why);
		return (-1);
	}
	if (id[0] == '\0')
		memcpy(id, c->record->id, UUID_TEXT);
	errno = 0;
	why = "its id is not its name";
	if (strcmp(id, c->record->id) != 0 ||
	    record_check(c->record, c->fd, &why) == -1) {
		cargo_fault(a, why);
		return (-1);
	}
	return (0);
}

static int
cargo_parcel(struct cargo *c, const struct conf *conf,
    const struct conf_destination *d, struct answer *a)
{
	struct multipart_limits limits = { .parts = conf->multipart_parts,
	    .head = conf->multipart_head };
	const char *why = "out of memory";

	if (d->enable_sinker) {
		c->keys = sinker_keys(c->record, &d->global_customer_keys,
		    &c->nkeys);
		if (c->keys == NULL)
			goto fail;
	}
	if (c->record->kind == RECORD_PROFILE) {
		c->parcel = parcel_new(c->fd, c->record, &limits,
		    (const char *const *)c->keys, c->nkeys, &why);
		if (c->parcel == NULL)
			goto fail;
		c->profile = parcel_profile(c->parcel);
	}
	return (0);
fail:
	cargo_fault(a, why);
	return (-1);
}

struct cargo *
cargo_open(const char *path, int fd, char *id, const struct conf *conf,
    const struct conf_destination *d, struct answer *a)
{
	struct cargo *c;

	if ((c = calloc(1, sizeof(*c))) == NULL) {
		cargo_fault(a, "out of memory");
		if (path == NULL)
			close(fd);
		return (NULL);
	}
	c->fd = path == NULL ? fd : -1;
	if ((path != NULL && cargo_path(c, path, a) == -1) ||
	    cargo_check(c, id, a) == -1 || cargo_parcel(c, conf, d, a) == -1) {
		cargo_free(c);
		return (NULL);
	}
	return (c);
}

void
cargo_free(struct cargo *c)
{
	if (c == NULL)
		return;
	parcel_free(c->parcel);
	sinker_keys_free(c->keys, c->nkeys);
	if (c->record != NULL)
		record_clear(c->record);
	free(c->record);
	if (c->fd != -1)
		close(c->fd);
	free(c);
}

uint64_t
cargo_length(const struct cargo *c)
{
	return (c->parcel != NULL ? parcel_length(c->parcel) :
	    c->record->length);
}

int
cargo_read(void *cargo, uint64_t off, void *p, size_t len)
{
	const struct cargo *c = cargo;

	return (c->parcel != NULL ? parcel_read(c->parcel, off, p, len) :
	    file_pread(c->fd, p, len, c->record->head + off));
}
