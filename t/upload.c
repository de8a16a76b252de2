#include "upload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE	16

static const char upload_form[] =
	"--load5f3c9d1e2b7a\r\n"
	"Content-Disposition: form-data; name=\"event\"; "
	    "filename=\"event.json\"\r\n"
	"Content-Type: application/json\r\n"
	"\r\n"
	"{\"attachments\":[\"metrics.json\",\"cpu.pprof\"],"
	    "\"tags_profiler\":\"service:load,"
	    "runtime:go,number:%llu\",\"start\":\"2026-11-22T10:00:00Z\","
	    "\"end\":\"2026-11-22T10:01:00Z\",\"family\":\"go\","
	    "\"version\":\"4\"}\r\n"
	"--load5f3c9d1e2b7a\r\n"
	"Content-Disposition: form-data; name=\"metrics.json\"; "
	    "filename=\"metrics.json\"\r\n"
	"\r\n"
	"[[\"go_num_goroutine\",%llu]]\r\n"
	"--load5f3c9d1e2b7a\r\n"
	"Content-Disposition: form-data; name=\"cpu.pprof\"; "
	    "filename=\"cpu.pprof\"\r\n"
	"Content-Type: application/octet-stream\r\n"
	"\r\n";
static const char upload_end[] = "\r\n--load5f3c9d1e2b7a--\r\n";

int
upload_open(struct upload *u, uint64_t number, uint64_t size, int keep_alive)
{
	unsigned long long n = number;
	int form = snprintf(NULL, 0, upload_form, n, n);
	size_t around = (size_t)form + sizeof(upload_end) - 1;

	memset(u, 0, sizeof(*u));
	if (size < around) {
		errno = EINVAL;
		return (-1);
	}
	u->number = number;
	u->content = size - around;
	if (buf_addf(&u->front, "POST /profiling/v1/input HTTP/1.1\r\n"
	    "Host: localhost\r\n"
	    "Content-Type: multipart/form-data; boundary=load5f3c9d1e2b7a\r\n"
	    "%sContent-Length: %llu\r\n"
	    "\r\n", keep_alive ? "" : "Connection: close\r\n",
	    (unsigned long long)size) == -1 ||
	    buf_addf(&u->front, upload_form, n, n) == -1) {
		buf_free(&u->front);
		return (-1);
	}
	u->length = u->front.len + u->content + sizeof(upload_end) - 1;
	return (0);
}

void
upload_raw(struct upload *u, uint64_t number, uint64_t len)
{
	memset(u, 0, sizeof(*u));
	u->number = number;
	u->length = len;
}

/* Seven hexadecimal digits; printf would cost most of a load's time. */
static void
upload_hex(char *p, uint64_t v)
{
	int i;

	for (i = 6; i >= 0; i--, v >>= 4)
		p[i] = "0123456789abcdef"[v & 15];
}

/* What is left of a line of the attachment at off, at most len bytes. */
static size_t
upload_line(const struct upload *u, uint64_t off, char *p, size_t len)
{
	char line[LINE];
	size_t skip = off % LINE, n = LINE - skip;

	upload_hex(line, u->number);
	line[7] = ' ';
	upload_hex(line + 8, off / LINE);
	line[15] = '\n';
	if (n > len)
		n = len;
	if (n > u->content - off)
		n = (size_t)(u->content - off);
	memcpy(p, line + skip, n);
	return (n);
}

size_t
upload_read(const struct upload *u, uint64_t off, char *p, size_t len)
{
	size_t n, done = 0;

	while (done < len && off < u->length) {
		n = len - done;
		if (off < u->front.len) {
			if (n > u->front.len - off)
				n = u->front.len - (size_t)off;
			memcpy(p + done, u->front.p + off, n);
		} else if (off - u->front.len < u->content)
			n = upload_line(u, off - u->front.len, p + done, n);
		else {
			if (n > u->length - off)
				n = (size_t)(u->length - off);
			memcpy(p + done, upload_end + sizeof(upload_end) - 1 -
			    (u->length - off), n);
		}
		done += n;
		off += n;
	}
	return (done);
}

void
upload_close(struct upload *u)
{
	buf_free(&u->front);
}
