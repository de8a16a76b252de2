#include "folded.h"

#include <string.h>

#include "buf.h"
#include "folded_key.h"

/* A decimal number with perhaps a sign, all of p. */
static int
folded_number(const char *p, const char *end, int64_t *v, const char **why)
{
	int negative = p < end && *p == '-';

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	*why = "a line has no number behind its last blank";
	if (p == end)
		return (-1);
	for (*v = 0; p < end; p++) {
		if (*p < '0' || *p > '9')
			return (-1);
		/* Below 0 there is one more. */
		if (__builtin_mul_overflow(*v, 10, v) ||
		    __builtin_sub_overflow(*v, *p - '0', v)) {
			*why = "a value is over 63 bits";
			return (-1);
		}
	}
	if (negative)
		return (0);
	*why = "a value is over 63 bits";
	return (__builtin_sub_overflow((int64_t)0, *v, v) ? -1 : 0);
}

/* One line, which has a byte, without its end. */
static int
folded_line(struct folded_key *k, const char *p, const char *end, int counted,
    const char **why)
{
	const char *blank;
	int64_t value = 1;

	if (counted) {
		blank = memrchr(p, ' ', (size_t)(end - p));
		if (blank == NULL) {
			*why = "a line has no value";
			return (-1);
		}
		if (folded_number(blank + 1, end, &value, why) == -1)
			return (-1);
		end = blank;
	}
	if (folded_key_add(k, p, (size_t)(end - p), why) == -1)
		return (-1);
	return (folded_key_value(k, value, why));
}

static int
folded_each(struct folded *f, const char *p, size_t len, int counted,
    const char **why)
{
	const char *end = len != 0 ? p + len : p, *lf, *stop;
	struct buf text = { 0 };
	struct folded_key k;
	int result = -1;

	for (; p < end; p = lf + 1) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		stop = lf > p && lf[-1] == '\r' ? lf - 1 : lf;
		folded_key_begin(&k, f, &text);
		if (stop > p &&
		    folded_line(&k, p, stop, counted, why) == -1)
			goto out;
		if (lf == end)
			break;
	}
	result = 0;
out:
	buf_free(&text);
	return (result);
}

int
folded_groups(struct folded *f, const char *p, size_t len, const char **why)
{
	return (folded_each(f, p, len, 1, why));
}

int
folded_lines(struct folded *f, const char *p, size_t len, const char **why)
{
	return (folded_each(f, p, len, 0, why));
}
