/* Elements of a tensor by type, for kernels that serve several. */
#ifndef SMG_ELEMENT_H
#define SMG_ELEMENT_H

#include "../smg_kernel.h"

/* Element `i` of INT8, INT16 or INT4 values. */
static inline int32_t smg_load(uint8_t type, const void *values, uint32_t i) {
    if (type == SMG_TYPE_INT16) {
        return ((const int16_t *)values)[i];
    }
    if (type == SMG_TYPE_INT8) {
        return ((const int8_t *)values)[i];
    }
    uint32_t nibble = ((const uint8_t *)values)[i / 2] >> (i % 2 * 4) & 15;
    return (int32_t)(nibble ^ 8) - 8;
}

/* Write element `i` of INT8 or INT16 values. */
static inline void smg_store(uint8_t type, void *values, uint32_t i, int32_t value) {
    if (type == SMG_TYPE_INT16) {
        ((int16_t *)values)[i] = (int16_t)value;
    } else {
        ((int8_t *)values)[i] = (int8_t)value;
    }
}

#endif
