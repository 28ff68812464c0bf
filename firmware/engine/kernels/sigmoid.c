#include "sigmoid.h"

/* sigmoid(|x|) with 16 + `bits` fractional bits, or `saturated` beyond the table; |x| has `bits` below a node. */
static int32_t interpolate(const uint16_t *table, int32_t x, uint32_t bits, int32_t saturated) {
    uint32_t size = x < 0 ? 0 - (uint32_t)x : (uint32_t)x, node = size >> bits;
    if (node >= 255) {
        return saturated;
    }
    int32_t slope = table[node + 1] - table[node];
    return ((int32_t)table[node] << bits) + (int32_t)(size & ((1u << bits) - 1)) * slope;
}

int32_t smg_logistic16(const uint16_t *table, int32_t x) {
    int32_t y = interpolate(table, x, 9, 0x7fff << 10);
    return (x >= 0 ? y + (1 << 9) : (1 << 25) - y + (1 << 9) - 1) >> 10;
}

int32_t smg_tanh16(const uint16_t *table, int32_t x) { /* 2 sigmoid(2 x) - 1 */
    int32_t y = interpolate(table, x, 8, 0xffff << 8);
    return (x >= 0 ? y - (1 << 23) + (1 << 7) : -y + (1 << 23) + (1 << 7) - 1) >> 8;
}
