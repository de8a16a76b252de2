/*
 * record - make records for tests
 *
 * usage:  record [-k kind] [-i id] [-p parent] [-C content-type]
 *         [-t tag] [-g global-tag] [-H header] [-n count] [-d dir] <body
 * writes: count records (1) with new ids, or the id given, to standard output
 *         or each to DIR/ID
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "crc32c.h"
#include "file.h"
#include "record.h"
#include "when.h"

static void
die(const char *what)
{
	perror(what);
	exit(111);
}

static void
put(struct record *r, const struct buf *body, const char *dir)
{
	struct buf head = { 0 };
	int fd = STDOUT_FILENO;
	char path[4096];

	if (dir != NULL) {
		snprintf(path, sizeof(path), "%s/%s", dir, r->id);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0664);
		if (fd == -1)
			die(path);
	}
	if (record_encode(r, &head) == -1)
		die("header");
	record_seal(head.p, head.len, body->len, crc32c(0, body->p, body->len));
	if (file_write(fd, head.p, head.len) == -1 ||
	    file_write(fd, body->p, body->len) == -1 ||
	    (dir != NULL && close(fd) == -1))
		die(dir != NULL ? path : "standard output");
	buf_free(&head);
}

int
main(int argc, char *argv[])
{
	struct record r = { .kind = RECORD_PROFILE };
	struct buf body = { 0 };
	const char *dir = NULL;
	char received[WHEN_TEXT];
	const char *type = NULL;
	long count = 1;
	ssize_t n;
	int c;

	while ((c = getopt(argc, argv, "k:i:p:C:d:t:g:H:n:")) != -1)
		if (c == 'k')
			r.kind = record_kind(optarg, strlen(optarg));
		else if (c == 'i')
			snprintf(r.id, sizeof(r.id), "%s", optarg);
		else if (c == 'p')
			snprintf(r.parent, sizeof(r.parent), "%s", optarg);
		else if (c == 'C')
			type = optarg;
		else if (c == 'd')
			dir = optarg;
		else if (c == 't')
			record_add(&r, "tag", optarg);
		else if (c == 'g')
			record_add(&r, "global-tag", optarg);
		else if (c == 'H')
			record_add(&r, "header", optarg);
		else if (c == 'n')
			count = atol(optarg);
		else
			return (2);
	when_format(received, when_now(), 9);
	r.received = strdup(received);
	r.source = strdup("recv");
	r.content_type = type != NULL ? strdup(type) : NULL;
	do {
		if (buf_reserve(&body, 65536) == -1 ||
		    (n = read(STDIN_FILENO, body.p + body.len, 65536)) == -1)
			die("standard input");
		body.len += (size_t)n;
	} while (n > 0);
	for (; count > 0; count--) {
		if (r.id[0] == '\0')
			uuid_v7(r.id);
		put(&r, &body, dir);
		r.id[0] = '\0';
	}
	record_clear(&r);
	buf_free(&body);
	return (0);
}
