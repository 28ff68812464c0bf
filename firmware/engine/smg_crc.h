/* CRC-32 as in IEEE 802.3, zlib and PNG (reflected polynomial 0xEDB88320). */
#ifndef SMG_CRC_H
#define SMG_CRC_H

#include <stddef.h>
#include <stdint.h>

uint32_t smg_crc32(const uint8_t *bytes, size_t size);

#endif
