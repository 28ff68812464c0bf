/* Arithmetic that GCC calls by name where a core has no instruction for it. For Xtensa alone: what Debian ships for it is made
 * for the ESP8266's calling convention, and not whole. Written in shifts, additions and 32-bit products, so that none of
 * these ends up calling itself. */
#include <stdint.h>

uint64_t __muldi3(uint64_t a, uint64_t b) {
    uint32_t a0 = (uint32_t)a & 0xffff, a1 = (uint32_t)a >> 16, b0 = (uint32_t)b & 0xffff, b1 = (uint32_t)b >> 16;
    uint32_t middle = a1 * b0 + (a0 * b0 >> 16), other = a0 * b1 + (middle & 0xffff);
    uint32_t high = a1 * b1 + (middle >> 16) + (other >> 16);
    high += (uint32_t)(a >> 32) * (uint32_t)b + (uint32_t)a * (uint32_t)(b >> 32);
    return (uint64_t)high << 32 | (uint32_t)a * (uint32_t)b;
}

/* Shifts of 64 bits by 0 to 63, in halves: `x >> 1 >> (31 - bits)` is a shift by 32 - bits that may be 32. */
uint64_t __ashldi3(uint64_t x, int bits) {
    uint32_t low = (uint32_t)x, high = (uint32_t)(x >> 32);
    high = bits < 32 ? high << bits | low >> 1 >> (31 - bits) : low << (bits - 32);
    return (uint64_t)high << 32 | (bits < 32 ? low << bits : 0);
}

uint64_t __lshrdi3(uint64_t x, int bits) {
    uint32_t low = (uint32_t)x, high = (uint32_t)(x >> 32);
    low = bits < 32 ? low >> bits | high << 1 << (31 - bits) : high >> (bits - 32);
    return (uint64_t)(bits < 32 ? high >> bits : 0) << 32 | low;
}

int64_t __ashrdi3(int64_t x, int bits) {
    uint64_t sign = x < 0 ? ~(uint64_t)0 : 0;
    return (int64_t)(__lshrdi3((uint64_t)x ^ sign, bits) ^ sign);
}

/* Quotients bit by bit, from the highest that can be set; a division by 0 ends, with what is worthless anyway. */
static uint32_t divide(uint32_t a, uint32_t b, uint32_t *rest) {
    uint32_t quotient = 0, bit = 1;
    for (; b < a && !(b >> 31) && b; b <<= 1) {
        bit <<= 1;
    }
    for (; bit; bit >>= 1, b >>= 1) {
        if (a >= b) {
            a -= b;
            quotient |= bit;
        }
    }
    *rest = a;
    return quotient;
}

static uint32_t size_of(int32_t a) {
    return a < 0 ? 0 - (uint32_t)a : (uint32_t)a;
}

uint32_t __udivsi3(uint32_t a, uint32_t b) {
    uint32_t rest;
    return divide(a, b, &rest);
}

uint32_t __umodsi3(uint32_t a, uint32_t b) {
    uint32_t rest;
    divide(a, b, &rest);
    return rest;
}

int32_t __divsi3(int32_t a, int32_t b) {
    uint32_t rest, quotient = divide(size_of(a), size_of(b), &rest);
    return (int32_t)((a ^ b) < 0 ? 0 - quotient : quotient);
}

int32_t __modsi3(int32_t a, int32_t b) {
    uint32_t rest;
    divide(size_of(a), size_of(b), &rest);
    return (int32_t)(a < 0 ? 0 - rest : rest);
}

uint64_t __udivdi3(uint64_t a, uint64_t b) {
    uint64_t quotient = 0, bit = 1;
    for (; b < a && !(b >> 63) && b; b <<= 1) {
        bit <<= 1;
    }
    for (; bit; bit >>= 1, b >>= 1) {
        if (a >= b) {
            a -= b;
            quotient |= bit;
        }
    }
    return quotient;
}
