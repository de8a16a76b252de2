#include "backoff.h"

#include <stdlib.h>

int64_t
backoff_step(int64_t min, int64_t max, unsigned int n)
{
	for (; n > 0 && min < max; n--)
		min *= 2;
	return (min < max ? min : max);
}

int64_t
backoff_full(int64_t ns)
{
	/* Microseconds in 32 bits reach over an hour. */
	uint32_t us = ns / 1000 < UINT32_MAX ? (uint32_t)(ns / 1000) :
	    UINT32_MAX - 1;

	return ((int64_t)arc4random_uniform(us + 1) * 1000);
}

int64_t
backoff_part(int64_t ns)
{
	return (ns - backoff_full(ns / 4));
}
