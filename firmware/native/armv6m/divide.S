/* Division, for which ARMv6-M has no instruction: a tenth of the size of libgcc's, whose loops are written out. A module takes
 * RAM, and the engine divides when it opens a model and at most once an output, never once a product.
 *
 * A division by 0 ends, with what is worthless anyway. */
    .syntax unified
    .cpu cortex-m0plus
    .thumb

#define a r0 /* at the end the quotient */
#define b r1 /* at the end the rest */
#define bit r2
#define quotient r3

    .macro function name
    .global \name
    .hidden \name
    .type \name, %function
    .thumb_func
\name:
    .endm

    .section .text.unsigned_division, "ax"
    function __aeabi_uidiv
    function __aeabi_uidivmod
    lsrs quotient, a, #1
    movs bit, #1
1:  cmp b, quotient /* up to the highest bit of the quotient; without a loss, as b is at most a half of a */
    bhi 2f
    lsls b, b, #1
    lsls bit, bit, #1
    bne 1b
2:  movs quotient, #0
3:  cmp a, b
    blo 4f
    subs a, a, b
    orrs quotient, bit
4:  lsrs b, b, #1
    lsrs bit, bit, #1
    bne 3b
    movs b, a
    movs a, quotient
    bx lr

#define signs r4 /* the sign of a, and of the rest */
#define turned r5 /* the quotient's sign */

    .macro signed value, sign /* value with another sign where sign is all ones, else as it is */
    eors \value, \sign
    subs \value, \value, \sign
    .endm

    .section .text.signed_division, "ax"
    function __aeabi_idiv
    function __aeabi_idivmod
    push {r4, r5, r6, lr}
    asrs signs, a, #31
    asrs r6, b, #31
    movs turned, signs
    eors turned, r6
    signed a, signs
    signed b, r6
    bl __aeabi_uidivmod
    signed a, turned
    signed b, signs
    pop {r4, r5, r6, pc}
