/* Four rows of plain weights by one row of inputs. */
#ifndef SMG_ARMV6M_ROWS_H
#define SMG_ARMV6M_ROWS_H

#include <stdint.h>

enum {
    SMG_ROWS = 4,
    SMG_ROWS_UNROLLED = 4, /* taps that lie in a row in the code */
    SMG_ROWS_TAP = 30,     /* bytes of the code of one */
};

/* Known to rows_dot.S, field by field. */
typedef struct {
    const int8_t *x;       /* [n] */
    const int8_t *weights; /* [4, n] */
    uint32_t n;
    int32_t offset; /* added to every input */
    uint32_t entry; /* how far to jump into the unrolled taps, so that the last turn ends with the last tap */
    int32_t sums[SMG_ROWS];
} smg_rows;

/* The sums of products, modulo 2^32. */
void smg_rows_dot(smg_rows *r);

#endif
