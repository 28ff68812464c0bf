#include "smg_float.h"

#define SIGN 0x80000000u
#define INFINITE 0x7f800000u
#define IMPLICIT 0x800000u /* the mantissa's leading bit, which is not stored */

static uint32_t exponent_of(uint32_t x) {
    return x >> 23 & 0xff;
}

static uint32_t mantissa_of(uint32_t x) {
    return (x & (IMPLICIT - 1)) | IMPLICIT;
}

int smg_float_is_scale(uint32_t x) {
    return x >= IMPLICIT && x < INFINITE;
}

uint32_t smg_float_product(int32_t value, uint32_t scale) {
    uint32_t sign = value < 0 ? SIGN : 0, size = value < 0 ? 0 - (uint32_t)value : (uint32_t)value;
    uint64_t product = (uint64_t)size * mantissa_of(scale);
    if (product == 0) {
        return 0;
    }
    int32_t exponent = (int32_t)exponent_of(scale);
    uint32_t lost = 0;
    while (product < IMPLICIT) {
        product <<= 1;
        exponent--;
    }
    while (product >> lost >= 2 * IMPLICIT) {
        lost++;
        exponent++;
    }
    if (exponent >= 0xff) {
        return sign | INFINITE;
    }
    if (exponent <= 0) { /* below the normal numbers: fewer bits remain */
        lost += (uint32_t)(1 - exponent);
        exponent = 1;
    }
    uint64_t kept = product >> lost, rest = product - (kept << lost), half = ((uint64_t)1 << lost) >> 1;
    kept += lost > 0 && (rest > half || (rest == half && (kept & 1)));
    return sign | (((uint32_t)(exponent - 1) << 23) + (uint32_t)kept); /* the leading bit counts into the exponent */
}

uint32_t smg_float_quotient(uint32_t x, uint32_t scale) {
    uint32_t sign = x & SIGN, a = mantissa_of(x), b = mantissa_of(scale);
    int32_t exponent = (int32_t)exponent_of(x);
    if (exponent == 0xff) {
        return x;
    }
    if (exponent == 0) { /* below the normal numbers, or 0 */
        a = x & (IMPLICIT - 1);
        if (a == 0) {
            return sign;
        }
        for (exponent = 1; a < IMPLICIT; exponent--) {
            a <<= 1;
        }
    }
    exponent += 127 - (int32_t)exponent_of(scale);
    if (a < b) {
        a <<= 1;
        exponent--;
    }
    uint32_t quotient = 0;
    for (uint32_t i = 0; i < 25; i++) { /* 24 bits and one to round by */
        quotient <<= 1;
        if (a >= b) {
            a -= b;
            quotient |= 1;
        }
        a <<= 1;
    }
    if (exponent >= 0xff || exponent <= 0) {
        return exponent <= 0 ? sign : sign | INFINITE;
    }
    quotient = (quotient >> 1) + (quotient & 1 & (a != 0 || (quotient & 2)));
    return sign | (((uint32_t)(exponent - 1) << 23) + quotient);
}

int32_t smg_float_to_int(uint32_t x, uint32_t half) {
    int32_t exponent = (int32_t)exponent_of(x) - 127;
    uint32_t size = mantissa_of(x);
    if (exponent == 128 && size != IMPLICIT) {
        return 0;
    }
    if (exponent >= 31) {
        return x & SIGN ? INT32_MIN : INT32_MAX;
    }
    if (exponent < -1) {
        return 0;
    }
    if (exponent >= 23) {
        size <<= exponent - 23;
    } else {
        uint32_t lost = (uint32_t)(23 - exponent);
        size = (size + (half << (lost - 1))) >> lost;
    }
    return x & SIGN ? -(int32_t)size : (int32_t)size;
}
