#include "mode.h"

#include <sys/stat.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct mode mode_plain = { .status = 200, .share = 100,
	.times = -1 };

static int
mode_number(struct mode *m, const char *key, const char *value)
{
	const struct {
		const char	*key;
		int		*value;
	} numbers[] = {
		{ "status", &m->status },
		{ "delay", &m->delay },
		{ "rate", &m->rate },
		{ "share", &m->share },
	};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(key, numbers[i].key) == 0) {
			*numbers[i].value = atoi(value);
			return (0);
		}
	if (strcmp(key, "times") != 0)
		return (-1);
	m->times = atol(value);
	return (0);
}

static int
mode_text(struct mode *m, const char *key, const char *value)
{
	if (strcmp(key, "retry-after") == 0)
		snprintf(m->retry_after, sizeof(m->retry_after), "%s", value);
	else if (strcmp(key, "match") == 0)
		snprintf(m->match, sizeof(m->match), "%s", value);
	else if (strcmp(key, "body") == 0)
		snprintf(m->body, sizeof(m->body), "%s", value);
	else
		return (-1);
	return (0);
}

static int
mode_word(struct mode *m, const char *key)
{
	static const char *const acts[] = { "answer", "hang", "deaf", "close",
	    "reset" };
	size_t i;

	if (strcmp(key, "early") == 0)
		m->early = 1;
	else if (strcmp(key, "bye") == 0)
		m->bye = 1;
	else {
		for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
			if (strcmp(key, acts[i]) == 0) {
				m->act = (enum mode_act)i;
				return (0);
			}
		return (-1);
	}
	return (0);
}

static void
mode_read(struct mode_file *f)
{
	char line[2048], *value;
	FILE *in;

	f->mode = mode_plain;
	if ((in = fopen(f->path, "re")) == NULL)
		return;
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0')
			continue;
		if ((value = strchr(line, ' ')) != NULL)
			*value++ = '\0';
		if (value == NULL ? mode_word(&f->mode, line) == -1 :
		    mode_number(&f->mode, line, value) == -1 &&
		    mode_text(&f->mode, line, value) == -1)
			errx(2, "%s: %s: unknown directive", f->path, line);
	}
	fclose(in);
}

struct mode
mode_pick(struct mode_file *f, const char *head)
{
	struct stat st;

	if (stat(f->path, &st) == -1)
		memset(&st, 0, sizeof(st));
	if (f->mode.status == 0 || st.st_ino != f->ino ||
	    st.st_mtim.tv_sec != f->mtime.tv_sec ||
	    st.st_mtim.tv_nsec != f->mtime.tv_nsec) {
		f->ino = st.st_ino;
		f->mtime = st.st_mtim;
		mode_read(f);
	}
	if (strstr(head, f->mode.match) == NULL ||
	    random() % 100 >= f->mode.share || f->mode.times == 0)
		return (mode_plain);
	if (f->mode.times > 0)
		f->mode.times--;
	return (f->mode);
}
