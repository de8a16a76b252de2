#include "crc32c.h"

#include <string.h>

#define POLY	0x82f63b78u	/* Castagnoli's, bits reflected */

static uint32_t crc_table[8][256];
static uint32_t (*crc_run)(uint32_t, const unsigned char *, size_t);

/* Eight bytes a step by tables ("slicing by 8"), for any machine. */
static uint32_t
crc_by_table(uint32_t crc, const unsigned char *p, size_t len)
{
	for (; len >= 8; p += 8, len -= 8) {
		uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 |
		    (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);

		crc = crc_table[7][low & 0xff] ^ crc_table[6][low >> 8 & 0xff] ^
		    crc_table[5][low >> 16 & 0xff] ^ crc_table[4][low >> 24] ^
		    crc_table[3][p[4]] ^ crc_table[2][p[5]] ^
		    crc_table[1][p[6]] ^ crc_table[0][p[7]];
	}
	while (len-- > 0)
		crc = crc >> 8 ^ crc_table[0][(crc ^ *p++) & 0xff];
	return (crc);
}

/* a times b as polynomials modulo POLY; the top bit is x^0. */
static uint32_t
crc_multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (; a != 0; a <<= 1) {
		if (a & 0x80000000u)
			product ^= b;
		b = b & 1 ? b >> 1 ^ POLY : b >> 1;
	}
	return (product);
}

/* x to the 8 n: what n bytes that follow do to a crc. */
static uint32_t
crc_power(uint64_t n)
{
	uint32_t power = 0x00800000u, result = 0x80000000u;

	for (; n > 0; n >>= 1) {
		if (n & 1)
			result = crc_multiply(power, result);
		power = crc_multiply(power, power);
	}
	return (result);
}

#if defined(__x86_64__)
#include <nmmintrin.h>

#define LANE	4096

static uint32_t crc_one_lane, crc_two_lanes;	/* crc_power of so many */

__attribute__((target("sse4.2"))) static uint64_t
crc_step(uint64_t crc, const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, 8);
	return (_mm_crc32_u64(crc, word));
}

/*
 * Three lanes side by side where there is enough: a step takes three cycles,
 * but another one can begin in each.
 */
__attribute__((target("sse4.2"))) static uint32_t
crc_by_sse42(uint32_t crc, const unsigned char *p, size_t len)
{
	uint64_t a = crc, b, c;
	size_t i;

	for (; len >= 3 * LANE; p += 3 * LANE, len -= 3 * LANE) {
		for (i = 0, b = 0, c = 0; i < LANE; i += 8) {
			a = crc_step(a, p + i);
			b = crc_step(b, p + LANE + i);
			c = crc_step(c, p + 2 * LANE + i);
		}
		a = crc_multiply(crc_two_lanes, (uint32_t)a) ^
		    crc_multiply(crc_one_lane, (uint32_t)b) ^ c;
	}
	for (; len >= 8; p += 8, len -= 8)
		a = crc_step(a, p);
	crc = (uint32_t)a;
	while (len-- > 0)
		crc = _mm_crc32_u8(crc, *p++);
	return (crc);
}
#endif

/* Before main, so that threads need no care. */
__attribute__((constructor)) static void
crc_init(void)
{
	uint32_t c;
	int i, j;

	for (i = 0; i < 256; i++) {
		c = (uint32_t)i;
		for (j = 0; j < 8; j++)
			c = c & 1 ? c >> 1 ^ POLY : c >> 1;
		crc_table[0][i] = c;
	}
	for (j = 1; j < 8; j++)
		for (i = 0; i < 256; i++) {
			c = crc_table[j - 1][i];
			crc_table[j][i] = c >> 8 ^ crc_table[0][c & 0xff];
		}
	crc_run = crc_by_table;
#if defined(__x86_64__)
	crc_one_lane = crc_power(LANE);
	crc_two_lanes = crc_power(2 * LANE);
	if (__builtin_cpu_supports("sse4.2"))
		crc_run = crc_by_sse42;
#endif
}

uint32_t
crc32c(uint32_t crc, const void *p, size_t len)
{
	return (~crc_run(~crc, p, len));
}

uint32_t
crc32c_join(uint32_t a, uint32_t b, uint64_t b_len)
{
	return (crc_multiply(crc_power(b_len), a) ^ b);
}
