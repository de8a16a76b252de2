#ifndef CRC32C_H
#define CRC32C_H

#include <stddef.h>
#include <stdint.h>

/*
 * CRC-32C (Castagnoli; RFC 3720 appendix B.4) of len more bytes behind those
 * crc stands for; 0 stands for none.
 */
uint32_t crc32c(uint32_t crc, const void *p, size_t len);

/* The CRC of A followed by B, from that of A, that of B and B's length. */
uint32_t crc32c_join(uint32_t a, uint32_t b, uint64_t b_len);

#endif
