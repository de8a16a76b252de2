#include "percent.h"

static int
percent_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	c = (char)(c | 0x20);
	return (c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1);
}

int
percent_byte(const char *p, const char *end)
{
	int high, low;

	if (end - p < 3 || *p != '%' || (high = percent_digit(p[1])) == -1 ||
	    (low = percent_digit(p[2])) == -1)
		return (-1);
	return (16 * high + low);
}
