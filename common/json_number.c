#include "json_walk.h"

#define DIGITS	19	/* that fit 64 bits, whatever they are */

/* A number being read: mantissa times 10 to the exponent. */
struct json_number {
	uint64_t	mantissa;
	int		digits;		/* of it */
	int		lost;		/* digits that did not fit were not 0 */
	int64_t		exponent;
};

/* A run of digits; behind the point each makes the exponent less. */
static const char *
json_number_digits(struct json_number *n, const char *p, const char *end,
    int behind)
{
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		if (n->digits == DIGITS) {
			n->lost |= *p != '0';
			n->exponent += !behind;
			continue;
		}
		n->mantissa = n->mantissa * 10 + (uint64_t)(*p - '0');
		if (n->mantissa != 0)
			n->digits++;
		n->exponent -= behind;
	}
	return (p);
}

static void
json_number_exponent(struct json_number *n, const char *p, const char *end)
{
	int64_t e = 0;
	int negative = p < end && *p == '-';

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	/* More digits than anybody's exponent has are as good as many. */
	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (e < 1000000000)
			e = e * 10 + (*p - '0');
	n->exponent += negative ? -e : e;
}

/* Take the exponent into the mantissa. As json_raw_scaled. */
static int
json_number_scale(struct json_number *n)
{
	uint64_t power = 1, rest;

	if (n->mantissa == 0)
		return (0);
	for (; n->exponent > 0; n->exponent--)
		if (__builtin_mul_overflow(n->mantissa, 10, &n->mantissa))
			return (-1);
	if (n->exponent < -DIGITS) {
		n->mantissa = 0;
		return (1);
	}
	for (; n->exponent < 0; n->exponent++)
		power *= 10;
	rest = n->mantissa % power;
	n->mantissa = n->mantissa / power + (rest >= power - rest);
	return (rest != 0 || n->lost);
}

int
json_raw_scaled(const struct json_raw *raw, int digits, int64_t *v)
{
	const char *p = raw->p, *end = p + raw->len;
	struct json_number n = { 0, 0, 0, digits };
	int negative = p < end && *p == '-', rounded;

	if (negative)
		p++;
	p = json_number_digits(&n, p, end, 0);
	if (p < end && *p == '.')
		p = json_number_digits(&n, p + 1, end, 1);
	if (p < end && (*p == 'e' || *p == 'E'))
		json_number_exponent(&n, p + 1, end);
	rounded = json_number_scale(&n);
	if (rounded == -1 || n.mantissa > INT64_MAX)
		return (-1);
	*v = negative ? -(int64_t)n.mantissa : (int64_t)n.mantissa;
	return (rounded);
}
