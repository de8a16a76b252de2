#include "outname.h"

#include <stdio.h>
#include <string.h>

#include "uuid.h"

#define STEM_MAX	120	/* bytes of it, escaped */
#define EXTENSION_MAX	16	/* bytes of what is taken for one */

static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789._-";

/*
 * Escape len bytes to out, at most max bytes and a NUL. Returns how many; never
 * half an escape.
 */
static size_t
escape(char *out, size_t max, const char *p, size_t len, int first)
{
	size_t n = 0, i;

	for (i = 0; i < len; i++) {
		if (p[i] != '\0' && strchr(safe, p[i]) != NULL &&
		    (p[i] != '.' || i != 0 || !first)) {
			if (n + 1 > max)
				break;
			out[n++] = p[i];
		} else {
			if (n + 3 > max)
				break;
			n += (size_t)snprintf(out + n, 4, "%%%02X",
			    (unsigned char)p[i]);
		}
	}
	out[n] = '\0';
	return (n);
}

void
outname_dir(char out[OUTNAME_MAX], const char *client)
{
	if (escape(out, STEM_MAX, client, strlen(client), 1) == 0)
		snprintf(out, OUTNAME_MAX, "unknown");
}

static int
ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return (len >= n && strcasecmp(name + len - n, end) == 0);
}

/* What to add to the name of something that begins so. */
static const char *
suffix(const char *name, const unsigned char *magic, size_t len)
{
	const char *add = "";

	if (len >= 4 && memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0)
		add = ".zst";
	else if (len >= 4 && memcmp(magic, "\x04\x22\x4d\x18", 4) == 0)
		add = ".lz4";
	else if (len >= 2 && memcmp(magic, "\x1f\x8b", 2) == 0 &&
	    ends_with(name, ".jfr"))
		add = ".gz";
	return (ends_with(name, add) ? "" : add);
}

void
outname_file(char out[OUTNAME_MAX], const char *client,
    const unsigned char *magic, size_t len, unsigned int nth)
{
	const char *dot = strrchr(client, '.');
	size_t stem = strlen(client), n;

	if (dot != NULL && dot != client && strlen(dot) <= EXTENSION_MAX)
		stem = (size_t)(dot - client);
	else
		dot = "";
	n = escape(out, STEM_MAX - 3 * EXTENSION_MAX, client, stem, 1);
	if (n == 0)
		n = (size_t)sprintf(out, "attachment");
	if (nth != 0)
		n += (size_t)sprintf(out + n, "-%u", nth);
	n += escape(out + n, 3 * EXTENSION_MAX, dot, strlen(dot), 0);
	snprintf(out + n, OUTNAME_MAX - n, "%s", suffix(client, magic, len));
}

/* Is name like that, where 0 in shape is any digit, and ends there? */
static int
is_shaped(const char *name, const char *shape)
{
	for (; *shape != '\0'; name++, shape++)
		if (*shape == '0' ? *name < '0' || *name > '9' :
		    *name != *shape)
			return (0);
	return (*name == '\0');
}

int
outname_is_date(const char *name)
{
	return (is_shaped(name, "0000-00-00"));
}

int
outname_is_dir(const char *name)
{
	size_t len = strlen(name), i;

	if (len == 0 || len > STEM_MAX || name[0] == '.')
		return (0);
	for (i = 0; i < len; i++)
		if (name[i] == '%') {
			if (strspn(name + i + 1, "0123456789ABCDEF") < 2)
				return (0);
			i += 2;
		} else if (strchr(safe, name[i]) == NULL)
			return (0);
	return (1);
}

int
outname_is_profile(const char *name, char *id)
{
	char when[8];

	if (strlen(name) != 7 + UUID_LEN || !uuid_valid(name + 7))
		return (0);
	memcpy(when, name, 7);
	when[7] = '\0';
	memcpy(id, name + 7, UUID_TEXT);
	return (is_shaped(when, "000000-"));
}

int
outname_is_line(const char *name, char *id)
{
	if (strlen(name) != UUID_LEN + 5 ||
	    strcmp(name + UUID_LEN, ".line") != 0)
		return (0);
	memcpy(id, name, UUID_LEN);
	id[UUID_LEN] = '\0';
	return (uuid_valid(id));
}
