/* smg_quads_run_row of quads.h for ARMv6-M: 18 cycles a tap, which is 8 products; about 55 a chunk; 45 an output.
 *
 * The four bytes of a word are weights u = w + 128 of channels a, b, c, d, lowest first. The word times an input, and its
 * bytes b and d alone times the input, are summed modulo 2^32, in which the second sum, taken away 256 times from the first,
 * leaves a in the lower and c in the upper half exactly; 128 times the sum of inputs is taken from all. So at the end of a
 * chunk each half fits 16 bits, whatever was in between.
 *
 * Controls are jump distances in the unrolled taps; smg_quads_check has proved them. */
#if defined(__ARM_ARCH_6M__)

#include "sums.inc"

    .text

#define inputs r0
#define stream r1
#define x r2
#define word_0 r3
#define word_1 r4
#define part r5
#define mask r6
#define sum_x r7

    .equ CHUNK, 20
    .equ BATCH, 12
    .equ QUADS_ROW_BYTES, 28

    .macro tap
    ldmia inputs!, {x}
    ldmia stream!, {word_0, word_1}
    adds sum_x, sum_x, x
    lsrs part, word_0, #8
    ands part, mask
    muls part, x
    add r9, part
    muls word_0, x
    add r8, word_0
    lsrs part, word_1, #8
    ands part, mask
    muls part, x
    add r11, part
    muls word_1, x
    add r10, word_1
    .endm

    /* smg_quads_row */
    .equ INPUTS, 0
    .equ INPUTS_END, 4
    .equ WEIGHTS, 8
    .equ OUT, 12
    .equ OUT_END, 16
    .equ ZERO_POINT, 20
    .equ ACT_MIN, 24
    .equ ACT_MAX, 28

    /* The frame: [2][4] sums, of words and of upper halves; then these. */
    .equ SAVED_INPUTS, 32
    .equ SAVED_STREAM, 36
    .equ ROW, 40
    .equ NEXT_OUT, 44

    .global smg_quads_run_row
    .type smg_quads_run_row, %function
    .thumb_func
    .balign 4
smg_quads_run_row:
    push_frame_registers
    ldr r1, [r0, #OUT]
    push {r0, r1}
    ldr stream, [r0, #WEIGHTS]
    sub sp, #ROW
next_group:
    mov r3, sp
    movs r4, #0
    movs r5, #0
    stmia r3!, {r4, r5}
    stmia r3!, {r4, r5}
    stmia r3!, {r4, r5}
    stmia r3!, {r4, r5}
    ldr r0, [sp, #ROW]
    ldr inputs, [r0, #INPUTS]
    movs r6, #255
    lsls r7, r6, #16
    orrs r6, r7
    mov lr, r6 /* the mask, 0x00ff00ff */
    movs r7, #128
    lsls r5, r7, #16
    orrs r7, r5
    rsbs r7, r7, #0
    mov r12, r7 /* -0x00800080 */
start_batch:
    mov mask, lr
clear:
    movs sum_x, #0
    mov r8, r7
    mov r9, r7
    mov r10, r7
    mov r11, r7
    ldmia stream!, {r2}
    add pc, r2
    nop /* the jump counts from behind it */
    .rept CHUNK
    tap
    .endr
    /* The chunk is done: 17 instructions, over which the control jumps that ends a batch. */
    mov r2, r12
    muls r7, r2
    mov r2, r8
    mov r3, r9
    lsls r5, r3, #8
    subs r2, r2, r5
    adds r2, r2, r7
    adds r3, r3, r7
    mov r4, r10
    mov r5, r11
    lsls r6, r5, #8
    subs r4, r4, r6
    adds r4, r4, r7
    adds r5, r5, r7
    push {r2-r5}
    mov mask, lr
    b clear
    /* The batch is done: add up its rows, sums of words in r8-r11, of upper halves in r2-r5. */
    ldmia stream!, {r7} /* rows that the batch has fewer than BATCH */
    movs r5, #BATCH
    subs r5, r5, r7
    lsls r6, r5, #4
    add r6, sp
    str inputs, [r6, #SAVED_INPUTS]
    str stream, [r6, #SAVED_STREAM]
    movs r1, #QUADS_ROW_BYTES
    muls r1, r7
    ldmia r6!, {r2-r5}
    mov r8, r2
    mov r9, r3
    mov r10, r4
    mov r11, r5
    ldmia r6!, {r2-r5}
    add pc, r1
    nop
    .rept BATCH
    two_sums r8, r9, r2, r3
    two_sums r10, r11, r4, r5
    .endr
    add r0, sp, #16
    stmia r0!, {r2-r5}
    ldr r7, [sp, #ROW]
    ldr r7, [r7, #INPUTS_END]
    ldr inputs, [sp, #SAVED_INPUTS]
    cmp inputs, r7
    beq last_batch
    mov r2, r8
    mov r3, r9
    mov r4, r10
    mov r5, r11
    mov r6, sp
    stmia r6!, {r2-r5}
    ldr stream, [sp, #SAVED_STREAM]
    b start_batch
last_batch: /* the words' sums less the upper halves' leave those of the lower */
    .macro lower word, upper, at
    lsls r0, \upper, #16
    mov r1, \word
    subs r1, r1, r0
    str r1, [sp, #4 * \at]
    .endm
    lower r8, r2, 0
    lower r9, r3, 1
    lower r10, r4, 2
    lower r11, r5, 3
    ldr r1, [sp, #SAVED_STREAM]
    mov lr, sp
    ldr r0, [sp, #ROW]
    ldr r2, [r0, #ACT_MIN]
    mov r9, r2
    ldr r2, [r0, #ACT_MAX]
    mov r10, r2
    ldr r2, [r0, #OUT_END]
    mov r11, r2
    ldr r6, [r0, #ZERO_POINT]
    ldr r7, [sp, #NEXT_OUT]
    movs r2, #8
    add r2, r7
    mov r12, r2 /* where the group's outputs end */
    mov r8, r1
output: /* r6 zero point, r7 out, r8 factors, r9 and r10 limits, r11 and r12 ends */
    mov r1, r8
    ldmia r1!, {r2, r3, r5}
    mov r8, r1
    pop {r0}
    adds r0, r0, r2
    lsrs r4, r3, #16
    uxth r3, r3
    scale_down
    cmp r1, r9
    blt too_low
    cmp r1, r10
    bgt too_high
clamped:
    strb r1, [r7]
    adds r7, #1
    cmp r7, r11
    beq done
    cmp r7, r12
    bne output
    mov sp, lr
    str r7, [sp, #NEXT_OUT]
    mov stream, r8
    b next_group
too_low:
    mov r1, r9
    b clamped
too_high:
    mov r1, r10
    b clamped
done:
    mov sp, lr
    add sp, #ROW + 8
    pop_frame_registers
    .size smg_quads_run_row, . - smg_quads_run_row

#endif
