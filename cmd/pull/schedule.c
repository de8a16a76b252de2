#include "schedule.h"

/* FNV-1a (Fowler, Noll, Vo) of 64 bits. */
static uint64_t
fnv(uint64_t h, unsigned char c)
{
	return ((h ^ c) * UINT64_C(0x100000001b3));
}

uint64_t
schedule_hash(const char *url, unsigned int nth)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *url != '\0'; url++)
		h = fnv(h, (unsigned char)*url);
	for (; nth > 0; nth >>= 8)
		h = fnv(h, (unsigned char)nth);
	/* Urls that differ in their last digit alone still differ little:
	 * mix all bits into each (the end of MurmurHash3). */
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (h ^ h >> 33);
}

int64_t
schedule_first(uint64_t hash, int64_t interval, int64_t now)
{
	int64_t phase = (int64_t)(hash % (uint64_t)interval);
	int64_t wait = (phase - now % interval) % interval;

	return (wait < 0 ? wait + interval : wait);
}

int64_t
schedule_next(int64_t due, int64_t interval, int64_t now, uint64_t *skipped)
{
	*skipped = 0;
	due += interval;
	if (due <= now) {
		*skipped = (uint64_t)((now - due) / interval) + 1;
		due += (int64_t)*skipped * interval;
	}
	return (due);
}
