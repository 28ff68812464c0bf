/* firmware/native/armv6m/divide.S on an emulated core: quotient and rest are those of the language. */
#include "port.h"

/* What they return is in two registers: the quotient is the lower half, the rest the upper. */
uint64_t __aeabi_uidivmod(uint32_t a, uint32_t b);
uint64_t __aeabi_idivmod(int32_t a, int32_t b);
uint32_t __aeabi_uidiv(uint32_t a, uint32_t b);
int32_t __aeabi_idiv(int32_t a, int32_t b);

static uint64_t state = 1;

/* Values of every size, small and at the limits more often than by chance. */
static uint32_t next(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    uint32_t x = (uint32_t)(state >> 32), kind = (uint32_t)(state >> 26) & 63;
    return kind < 8 ? kind : kind < 16 ? 8 - kind : kind < 24 ? 1u << (x & 31) : x >> (kind & 31);
}

static int unsigned_right(uint32_t a, uint32_t b) {
    uint64_t both = __aeabi_uidivmod(a, b);
    uint32_t quotient = (uint32_t)both, rest = (uint32_t)(both >> 32);
    return (uint64_t)quotient * b + rest == a && rest < b && quotient == __aeabi_uidiv(a, b);
}

static int signed_right(int32_t a, int32_t b) {
    if (a == INT32_MIN && b == -1) {
        return 1; /* the language does not say */
    }
    uint64_t both = __aeabi_idivmod(a, b);
    int64_t quotient = (int32_t)both, rest = (int32_t)(both >> 32);
    int64_t small = rest < 0 ? -rest : rest, limit = b < 0 ? -(int64_t)b : b;
    return quotient * b + rest == a && small < limit && (rest == 0 || (rest < 0) == (a < 0)) && quotient == __aeabi_idiv(a, b);
}

void benchmark(void) {
    __aeabi_uidivmod(7, 0); /* ends */
    for (int i = 0; i < 100000; i++) {
        uint32_t a = next(), b = next();
        if (b != 0 && !(unsigned_right(a, b) && signed_right((int32_t)a, (int32_t)b))) {
            port_print("differs\n");
            port_exit();
        }
    }
    port_print("right\n");
    port_exit();
}
