/* record, crc32c, uuid: the bytes of a record, there and back. */
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "crc32c.h"
#include "file.h"
#include "ok.h"

/* A record file with that body, its header made and sealed. */
static int
record_file(struct record *r, const char *body, size_t len, struct buf *head)
{
	int fd = file_temp();

	if (fd == -1 || record_encode(r, head) == -1)
		abort();
	record_seal(head->p, head->len, len, crc32c(0, body, len));
	if (file_write(fd, head->p, head->len) == -1 ||
	    file_write(fd, body, len) == -1)
		abort();
	return (fd);
}

static void
sample(struct record *r)
{
	memset(r, 0, sizeof(*r));
	uuid_v7(r->id);
	r->kind = RECORD_PROFILE;
	r->source = strdup("recv");
	r->received = strdup("2026-11-22T09:57:57.123456789Z");
	r->request = strdup("POST /profiling/v1/input?x=y");
	record_add(r, "header", "DD-EVP-ORIGIN: dd-trace-js");
	record_add(r, "tag", "some_tag=some_value");
	record_add(r, "tag", "other=2");
}

static void
check_crc(void)
{
	static char p[100000];
	uint32_t whole, single = 0;
	size_t i;
	int same = 1;

	ok(crc32c(0, "123456789", 9) == 0xe3069283u,
	    "crc32c of 123456789 is the published one");
	for (i = 0; i < sizeof(p); i++)
		p[i] = (char)(i * 31 + i / 255);
	whole = crc32c(0, p, sizeof(p));
	for (i = 0; i <= sizeof(p); i += 777)
		same &= crc32c(crc32c(0, p, i), p + i, sizeof(p) - i) == whole &&
		    crc32c_join(crc32c(0, p, i), crc32c(0, p + i,
		    sizeof(p) - i), sizeof(p) - i) == whole;
	ok(same, "crc32c in pieces, and joined, is that of the whole");
	for (i = 0; i < sizeof(p); i++)
		single = crc32c(single, p + i, 1);
	ok(single == whole, "and so it is byte by byte");
}

static void
check_round_trip(void)
{
	struct record r, back;
	struct buf head = { 0 };
	const char *why;
	size_t at = 0;
	int fd;

	sample(&r);
	fd = record_file(&r, "hello", 5, &head);
	ok(record_read(&back, fd, &why) == 0, "a record reads back");
	ok(strcmp(back.id, r.id) == 0 && back.kind == RECORD_PROFILE &&
	    strcmp(back.request, r.request) == 0 && back.remote == NULL &&
	    back.length == 5 && back.head == head.len, "with its fields");
	record_next(&back, "tag", &at);
	ok(strcmp(record_next(&back, "tag", &at), "other=2") == 0 &&
	    record_next(&back, "tag", &at) == NULL, "and its lines in order");
	ok(record_check(&back, fd, &why) == 0, "its crc32c holds");
	record_clear(&back);
	record_clear(&r);
	buf_free(&head);
	close(fd);
}

/* Flip every bit of a record file in turn: never again a good record. */
static void
check_flips(void)
{
	struct record r, back;
	struct buf head = { 0 };
	const char *why;
	char c, flipped;
	size_t i;
	int fd, bit, good = 0;

	sample(&r);
	fd = record_file(&r, "hello", 5, &head);
	for (i = 0; i < head.len + 5; i++)
		for (bit = 0; bit < 8; bit++) {
			if (file_pread(fd, &c, 1, i) == -1)
				abort();
			flipped = (char)(c ^ 1 << bit);
			if (file_pwrite(fd, &flipped, 1, i) == -1)
				abort();
			if (record_read(&back, fd, &why) == 0) {
				good += record_check(&back, fd, &why) == 0;
				record_clear(&back);
			}
			if (file_pwrite(fd, &c, 1, i) == -1)
				abort();
		}
	ok(good == 0, "no single flipped bit goes unseen");
	for (i = 0; i < head.len + 5; i++) {
		if (ftruncate(fd, (off_t)(head.len + 4 - i)) == -1)
			abort();
		if (record_read(&back, fd, &why) == 0) {
			good++;
			record_clear(&back);
		}
	}
	ok(good == 0, "no cut goes unseen");
	record_clear(&r);
	buf_free(&head);
	close(fd);
}

static void
refuse(const char *text, const char *expect)
{
	struct record r;
	const char *why = "";
	char fact[128];

	snprintf(fact, sizeof(fact), "refused: %s", expect);
	ok(record_parse(&r, text, strlen(text), &why) == -1 &&
	    strcmp(why, expect) == 0, fact);
	if (strcmp(why, expect) != 0)
		printf("  said: %s\n", why);
}

#define START	"prof-record 1\nid: 019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11\n"
#define MIDDLE	"kind: profile\nsource: recv\nreceived: x\n"
#define TAIL	"length: 00000000000000000005\ncrc32c: 00000000\n\n"

static void
check_refusals(void)
{
	struct record r;
	const char *why;

	ok(record_parse(&r, START MIDDLE TAIL, strlen(START MIDDLE TAIL),
	    &why) == 0, "the least record is taken");
	record_clear(&r);
	ok(record_parse(&r, START MIDDLE, strlen(START MIDDLE), &why) == 1,
	    "a header not complete yet says so");
	refuse("prof-record 2\n" MIDDLE TAIL, "unknown version of record");
	refuse("GET / HTTP/1.1\r\n\r\n", "not a record");
	refuse("prof-record 1\n\n", "header too short");
	refuse(START TAIL, "id, kind, source or received is missing");
	refuse(START MIDDLE "kind: metric\n" TAIL, "bad kind");
	refuse(START MIDDLE "parent: 1\n" TAIL, "bad parent");
	refuse("prof-record 1\nid: X19e1f0c\n" MIDDLE TAIL, "bad id");
	refuse(START MIDDLE "source: pull\n" TAIL,
	    "a header line stands twice");
	refuse(START MIDDLE "colour: red\n" TAIL, "unknown header line");
	refuse(START MIDDLE "tag\n" TAIL,
	    "a header line is not \"name: value\"");
	refuse(START MIDDLE "tag: a\tb\n" TAIL,
	    "control byte in a header line");
	refuse(START MIDDLE "length: 0000000000000000005\ncrc32c: 000000000\n\n",
	    "bad length");
	refuse(START MIDDLE "length: 99999999999999999999\ncrc32c: 00000000\n\n",
	    "bad length");
	/* Where length should begin there is the middle of a line. */
	refuse("prof-record 1\nno line of a record, and no tail that begins "
	    "where it should, either\n\n", "bad length");
	refuse(START MIDDLE "length: 00000000000000000005\ncrc32c: 0000000G\n\n",
	    "bad crc32c");
}

static void
check_head_limit(void)
{
	static char value[RECORD_HEAD_MAX];
	struct record r;
	struct buf b = { 0 };
	const char *why;
	size_t len;

	sample(&r);
	if (record_encode(&r, &b) == -1)
		abort();
	len = RECORD_HEAD_MAX - b.len - strlen("tag: \n");
	memset(value, 'x', len);
	record_add(&r, "tag", value);
	b.len = 0;
	ok(record_encode(&r, &b) == 0 && b.len == RECORD_HEAD_MAX,
	    "a header of 64 KiB is made");
	record_clear(&r);
	ok(record_parse(&r, b.p, b.len, &why) == 0, "and read");
	record_add(&r, "tag", "");
	ok(record_encode(&r, &b) == -1 && errno == EMSGSIZE,
	    "one over is not made");
	record_clear(&r);
	memset(b.p + 100, 'x', b.len - 100);
	ok(record_parse(&r, b.p, b.len, &why) == -1 &&
	    strcmp(why, "header over 64 KiB") == 0, "nor read");
	buf_free(&b);
}

static void
check_uuid(void)
{
	char a[UUID_TEXT], b[UUID_TEXT];

	uuid_v7(a);
	uuid_v7(b);
	ok(uuid_valid(a) && a[14] == '7' && strchr("89ab", a[19]) != NULL,
	    "a new id is a UUIDv7");
	ok(strcmp(a, b) != 0 && strncmp(a, b, 7) == 0,
	    "two of one moment share their time and differ");
	ok(!uuid_valid("019E1F0C-6D3A-7C41-9A5E-0B7D2F4C8A11") &&
	    !uuid_valid("019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a1") &&
	    !uuid_valid("019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a111") &&
	    !uuid_valid("../../../../../../../../../../etc/pa"),
	    "nothing else is one");
}

static void
check_derived(void)
{
	const char *parent = "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11";
	char a[UUID_TEXT], b[UUID_TEXT];

	uuid_derive(a, parent, "metric", 0);
	uuid_derive(b, parent, "metric", 0);
	ok(strcmp(a, b) == 0, "an id derived twice is the same");
	ok(uuid_valid(a) && a[14] == '7' && strchr("89ab", a[19]) != NULL &&
	    strncmp(a, parent, 14) == 0, "and a UUIDv7 of its parent's time");
	uuid_derive(b, parent, "metric", 1);
	ok(strcmp(a, b) != 0, "another index makes another");
	uuid_derive(b, parent, "point", 0);
	ok(strcmp(a, b) != 0, "another kind makes another");
	uuid_derive(b, "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a12", "metric", 0);
	ok(strncmp(a + 15, b + 15, 8) != 0 && strcmp(a + 24, b + 24) != 0,
	    "another parent makes another, in all of it");
}

int
main(void)
{
	check_crc();
	check_round_trip();
	check_flips();
	check_refusals();
	check_head_limit();
	check_uuid();
	check_derived();
	return (failed);
}
