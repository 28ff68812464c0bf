/* Sigmoid and tanh by interpolation in a table of sigmoid(i / 24) in unsigned Q0.16, i from 0 to 255. */
#ifndef SMG_SIGMOID_H
#define SMG_SIGMOID_H

#include <stdint.h>

/* Q0.15 of x in units of 1 / (24 * 512): three times a Q3.12 value. */
int32_t smg_logistic16(const uint16_t *table, int32_t x);
int32_t smg_tanh16(const uint16_t *table, int32_t x);

#endif
