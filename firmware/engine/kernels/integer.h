/* Elements of integer tensors by type, for kernels that serve several types. */
#ifndef SMG_INTEGER_H
#define SMG_INTEGER_H

#include "../smg_kernel.h"

/* Is it a type that the two functions below know? */
static inline int smg_is_integer(uint8_t type) {
    return type == SMG_TYPE_INT8 || type == SMG_TYPE_UINT8 || type == SMG_TYPE_BOOL || type == SMG_TYPE_INT16 ||
           type == SMG_TYPE_INT32;
}

static inline int32_t smg_integer_at(uint8_t type, const void *values, uint32_t i) {
    switch (type) {
    case SMG_TYPE_INT8:
        return ((const int8_t *)values)[i];
    case SMG_TYPE_INT16:
        return ((const int16_t *)values)[i];
    case SMG_TYPE_INT32:
        return ((const int32_t *)values)[i];
    default:
        return ((const uint8_t *)values)[i];
    }
}

/* Keeps the low bits that the type has. */
static inline void smg_integer_set(uint8_t type, void *values, uint32_t i, int32_t value) {
    switch (type) {
    case SMG_TYPE_INT16:
        ((int16_t *)values)[i] = (int16_t)value;
        break;
    case SMG_TYPE_INT32:
        ((int32_t *)values)[i] = value;
        break;
    default:
        ((uint8_t *)values)[i] = (uint8_t)value;
    }
}

#endif
