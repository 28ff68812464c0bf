/* firmware/native/xtensa/helpers.c against the compiler's own arithmetic. */
#define __muldi3 own_muldi3
#define __ashldi3 own_ashldi3
#define __lshrdi3 own_lshrdi3
#define __ashrdi3 own_ashrdi3
#define __udivsi3 own_udivsi3
#define __umodsi3 own_umodsi3
#define __divsi3 own_divsi3
#define __modsi3 own_modsi3
#define __udivdi3 own_udivdi3
#include HELPERS

#include <stdio.h>

static uint64_t state = 1;

/* Values of every size, small and at the limits more often than by chance. */
static uint64_t next(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = state ^ state >> 29;
    uint32_t kind = (uint32_t)(state >> 58);
    return kind < 8 ? kind : kind < 16 ? 0 - (uint64_t)(kind - 8) : kind < 24 ? 1ull << (x & 63) : x >> (kind & 63);
}

static int same(uint64_t a, uint64_t b) {
    uint32_t c = (uint32_t)a, d = (uint32_t)b ? (uint32_t)b : 1;
    int32_t e = (int32_t)c, f = (int32_t)d;
    int bits = (int)(b & 63), overflows = e == INT32_MIN && f == -1;
    return own_muldi3(a, b) == a * b && own_ashldi3(a, bits) == a << bits && own_lshrdi3(a, bits) == a >> bits &&
           own_ashrdi3((int64_t)a, bits) == (int64_t)a >> bits && own_udivsi3(c, d) == c / d &&
           own_umodsi3(c, d) == c % d && (overflows || (own_divsi3(e, f) == e / f && own_modsi3(e, f) == e % f)) &&
           own_udivdi3(a, b ? b : 1) == a / (b ? b : 1);
}

int main(void) {
    for (int i = 0; i < 200000; i++) {
        uint64_t a = next(), b = next();
        if (!same(a, b)) {
            printf("differs: %llx %llx\n", (unsigned long long)a, (unsigned long long)b);
            return 1;
        }
    }
    puts("same");
    return 0;
}
