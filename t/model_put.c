/* Producers: records good, bad and twice. */
#include "model.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record.h"
#include "spool.h"

#define BODY_MAX	90000

static void
new_id(char id[UUID_TEXT])
{
	snprintf(id, UUID_TEXT, "019e%04x-%04x-7%03x-8000-%012x",
	    world->nrecords / 4 & 0xffff, dice(3) == 0 ? dice(0x10000) : 0,
	    dice(0x1000), world->nrecords & 0xffff);
}

/* A file that is no record, or not the one that its name says. */
static void
put_bad(struct record_made *made)
{
	static const char *const texts[] = { "", "nonsense", "prof-record 1\n",
	    "prof-record 9\n\n" };
	const char *text = texts[dice(4)];
	char from[64], to[64];
	int fd;

	snprintf(from, sizeof(from), SPOOL_TMP "/recv/%s", made->id);
	snprintf(to, sizeof(to), SPOOL_NEW "/%s", made->id);
	fd = openat(spool_dir(spool), from, O_WRONLY | O_CREAT, 0664);
	if (fd == -1)
		return;
	made->bad = 1;
	if (write(fd, text, strlen(text)) == -1)
		broken("write");
	close(fd);
	if (renameat2(spool_dir(spool), from, spool_dir(spool), to,
	    RENAME_NOREPLACE) == 0 && spool_sync_new(spool) == 0)
		made->answered = 1;
	spool_ring(spool, made->id);
}

static int
commit(const struct record_made *made, int derived)
{
	static char body[BODY_MAX];
	char source[] = "recv", received[] = "2026-11-22T09:57:57.123Z";
	struct record r = { .kind = (enum record_kind)made->kind,
	    .source = source, .received = received };
	struct draft *d;
	size_t len = dice(8) == 0 ? dice(sizeof(body)) : dice(9000);

	/* Where little fits, it is soon too much. */
	if (world->capacity == 1)
		len = sizeof(body) / 2 + dice(sizeof(body) / 2);
	memcpy(r.id, made->id, sizeof(r.id));
	if (derived)
		memcpy(r.parent, made->id, sizeof(r.parent));
	memset(body, (int)dice(256), len);
	if ((d = draft_new(spool, "recv", &r)) == NULL)
		return (-1);
	if (draft_write(d, body, len) == -1) {
		draft_discard(d);
		return (-1);
	}
	return (draft_commit(d));
}

void
put_step(void)
{
	static const unsigned int kinds[] = { RECORD_PROFILE, RECORD_PROFILE,
	    RECORD_METRIC, RECORD_POINT };
	struct record_made *made;

	if (world->nrecords == RECORDS)
		return;
	made = &world->records[world->nrecords];
	new_id(made->id);
	made->kind = kinds[dice(4)];
	made->pending = 1;
	world->nrecords++;
	world->puts++;
	if (dice(12) == 0)
		put_bad(made);
	else if (commit(made, 0) == 0)
		made->answered = 1;
	tell("put %s kind %u%s: %s", made->id + 24, made->kind,
	    made->bad ? ", bad" : "", made->answered ? "200" : "503");
}

/* An id a second time: the same record made twice, or another. */
void
put_again(void)
{
	struct record_made *made;
	unsigned int i;

	if (world->nrecords == 0)
		return;
	made = &world->records[dice(world->nrecords)];
	if (made->bad || made->pending)
		return;
	made->again = 1;
	made->pending = 1;
	for (i = 0; i < QUEUES; i++)
		if (made->cells[i].state == GONE)
			memset(&made->cells[i], 0, sizeof(made->cells[i]));
	made->answered = 0;
	made->answered = commit(made, (int)dice(2)) == 0;
	tell("again %s: %s", made->id + 24, made->answered ? "200" : "503");
}
